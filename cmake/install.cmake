# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where: the executor into bin, the modules and the package files beside each other. In
# components for those who divide a package: executor, modules, documentation.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/PgRatchet")

install(TARGETS pgratchet EXPORT PgRatchetExecutor
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT executor)
install(EXPORT PgRatchetExecutor
  NAMESPACE PgRatchet::
  FILE PgRatchetExecutor.cmake
  DESTINATION "${package_dir}"
  COMPONENT executor)

configure_package_config_file(cmake/PgRatchetConfig.cmake.in
  "${PROJECT_BINARY_DIR}/PgRatchetConfig.cmake"
  INSTALL_DESTINATION "${package_dir}"
  NO_SET_AND_CHECK_MACRO)
# A program is run, not linked: its word size need not be that of the project that uses it.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/PgRatchetConfigVersion.cmake"
  COMPATIBILITY SameMajorVersion
  ARCH_INDEPENDENT)

install(FILES
  "${PROJECT_BINARY_DIR}/PgRatchetConfig.cmake"
  "${PROJECT_BINARY_DIR}/PgRatchetConfigVersion.cmake"
  DESTINATION "${package_dir}"
  COMPONENT modules)
# By pattern, so that a new module is never forgotten.
install(DIRECTORY cmake/
  DESTINATION "${package_dir}"
  COMPONENT modules
  FILES_MATCHING
    PATTERN "PgRatchet*.cmake"
    PATTERN "bundle/*"
    PATTERN dev EXCLUDE)

# ---- Manual pages and completions, which the build of the executor writes -----------------------------------------
set(documentation "$<TARGET_FILE_DIR:pgratchet>/documentation")
install(DIRECTORY "${documentation}/man1/" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT documentation)
install(FILES "${documentation}/bash/pgratchet" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" COMPONENT documentation)
install(FILES "${documentation}/zsh/_pgratchet" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions" COMPONENT documentation)
install(FILES "${documentation}/fish/pgratchet.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" COMPONENT documentation)

# ---- What is to be read, with the links between its files -------------------------------------------------------------
set(documents "${CMAKE_INSTALL_DATADIR}/doc/pgratchet")
install(FILES README.md CHANGELOG.md CONTRIBUTING.md LICENSE DESTINATION "${documents}" COMPONENT documentation)
install(DIRECTORY docs DESTINATION "${documents}" COMPONENT documentation)
