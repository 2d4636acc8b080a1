# SPDX-License-Identifier: Apache-2.0
# Included by the settings that pgratchet_add_bundle() writes for CPack: how a bundle is packed. CPack includes it for
# each generator; the files are laid out by stage.cmake, and the packages made reproducible by repack.cmake.

set(newest "${CPACK_PGRATCHET_NEWEST}")
set(CPACK_PACKAGE_VERSION "${CPACK_PGRATCHET_PROJECT_VERSION}+${newest}")
set(CPACK_PACKAGE_VENDOR "pgratchet")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "PostgreSQL migrations of ${CPACK_PGRATCHET_NAME}, up to ${newest}")
set(CPACK_PACKAGE_DESCRIPTION "The migrations of ${CPACK_PGRATCHET_NAME} up to ${newest}, compiled, with all that is
needed to apply and verify them: executor, CMake targets, tests and a runbook.
Start with RUNBOOK.md in /usr/lib/${CPACK_PACKAGE_NAME}.")
set(CPACK_PACKAGE_FILE_NAME "${CPACK_PACKAGE_NAME}-${CPACK_PACKAGE_VERSION}-${CPACK_SYSTEM_NAME}")
set(CPACK_TOPLEVEL_TAG "${CPACK_SYSTEM_NAME}")
set(CPACK_INCLUDE_TOPLEVEL_DIRECTORY ON)
set(CPACK_SET_DESTDIR OFF)
set(CPACK_MONOLITHIC_INSTALL ON)
set(CPACK_INSTALL_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/stage.cmake")
set(CPACK_POST_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/repack.cmake")
set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_CURRENT_LIST_DIR}/generator.cmake")
