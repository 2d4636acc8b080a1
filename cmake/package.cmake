# SPDX-License-Identifier: Apache-2.0
# The packages of pgratchet itself: `cpack --preset release`, or `cpack --config pgratchet.cpack.cmake` in the build
# folder. (CPackConfig.cmake there is that of the reference schema's bundle.) They are made reproducible as bundles are.
set(CPACK_OUTPUT_CONFIG_FILE "${PROJECT_BINARY_DIR}/pgratchet.cpack.cmake")
set(CPACK_SOURCE_OUTPUT_CONFIG_FILE "${PROJECT_BINARY_DIR}/pgratchet.cpack-source.cmake")
set(CPACK_GENERATOR TGZ DEB)
set(CPACK_PACKAGE_NAME pgratchet)
set(CPACK_PACKAGE_VENDOR "pgratchet")
set(CPACK_PACKAGE_CONTACT "pgratchet maintainers <maintainers@pgratchet.org>" CACHE STRING "Maintainer of the packages")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "PostgreSQL migrations as a CMake build")
set(CPACK_PACKAGE_DESCRIPTION "pgratchet turns a folder of plain, forward-only SQL files into build targets and a
CTest suite. A build replays the files on a throwaway PostgreSQL and writes down
what each one does to the catalog. With that plan a database is located from its
catalog alone, each migration is proven before it is committed, and drift is
named object by object. This package has the executor and the CMake modules.")
set(CPACK_PACKAGE_FILE_NAME "pgratchet-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PGRATCHET_SOURCE_DIR "${PROJECT_SOURCE_DIR}")
set(CPACK_POST_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/bundle/repack.cmake")

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "${CPACK_PACKAGE_DESCRIPTION}")
find_program(PGRATCHET_SHLIBDEPS dpkg-shlibdeps)
mark_as_advanced(PGRATCHET_SHLIBDEPS)
if(PGRATCHET_SHLIBDEPS)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
else()
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "libc6, libpq5, zlib1g")
endif()
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "cmake (>= 3.25), ninja-build | make, postgresql")
include(CPack)
