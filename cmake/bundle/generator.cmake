# SPDX-License-Identifier: Apache-2.0
# CPack includes this for each generator: where the bundle lies in the package.
if(CPACK_GENERATOR STREQUAL "DEB")
  set(CPACK_PACKAGING_INSTALL_PREFIX "/usr/lib/${CPACK_PACKAGE_NAME}")
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SECTION database)
  set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "${CPACK_PACKAGE_DESCRIPTION}")
  find_program(shlibdeps dpkg-shlibdeps)
  if(shlibdeps)
    set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
  else()
    set(CPACK_DEBIAN_PACKAGE_DEPENDS "libc6, libpq5, zlib1g")
  endif()
  # pg_dump and pg_restore: any environment of the bundle may ask for a backup, and all can be restored. A rehearsal
  # wants a server beside them.
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "cmake (>= 3.25), ninja-build | make, postgresql-client")
  set(CPACK_DEBIAN_PACKAGE_SUGGESTS "postgresql")
else()
  set(CPACK_PACKAGING_INSTALL_PREFIX "")
endif()
