# SPDX-License-Identifier: Apache-2.0
#[=[.rst:
FindPQXX
--------

Finds libpqxx (6.4 or 7) and libpq by pkg-config, the one way that both Debian 12 and 13 offer.
Defines the imported target ``PQXX::PQXX``.
#]=]
include(FindPackageHandleStandardArgs)
find_package(PkgConfig QUIET)
pkg_check_modules(PC_PQXX QUIET IMPORTED_TARGET libpqxx)
pkg_check_modules(PC_PQ QUIET IMPORTED_TARGET libpq)
find_package_handle_standard_args(PQXX
  REQUIRED_VARS PC_PQXX_LINK_LIBRARIES PC_PQ_LINK_LIBRARIES
  VERSION_VAR PC_PQXX_VERSION
  REASON_FAILURE_MESSAGE "install libpqxx-dev and libpq-dev")
if(PQXX_FOUND AND NOT TARGET PQXX::PQXX)
  add_library(PQXX::PQXX INTERFACE IMPORTED)
  target_link_libraries(PQXX::PQXX INTERFACE PkgConfig::PC_PQXX PkgConfig::PC_PQ)
endif()
