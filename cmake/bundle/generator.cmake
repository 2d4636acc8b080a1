# SPDX-License-Identifier: Apache-2.0
# CPack includes this for each generator: where the bundle lies in the package.
if(CPACK_GENERATOR STREQUAL "DEB")
  set(CPACK_PACKAGING_INSTALL_PREFIX "/usr/lib/${CPACK_PACKAGE_NAME}")
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SECTION database)
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "libc6 (>= 2.36), libpq5")
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "cmake (>= 3.25), ninja-build | make")
else()
  set(CPACK_PACKAGING_INSTALL_PREFIX "")
endif()
