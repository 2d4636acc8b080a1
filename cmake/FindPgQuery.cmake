# SPDX-License-Identifier: Apache-2.0
#[=[.rst:
FindPgQuery
-----------

Finds libpg_query, PostgreSQL's own parser as a library, and the protobuf-c runtime that reads its parse trees.
Defines the imported target ``PgQuery::PgQuery``.
#]=]
include(FindPackageHandleStandardArgs)
find_path(PgQuery_INCLUDE_DIR pg_query.h)
find_library(PgQuery_LIBRARY NAMES libpg_query.a pg_query)
find_library(PgQuery_PROTOBUF_C_LIBRARY NAMES libprotobuf-c.a protobuf-c)
mark_as_advanced(PgQuery_INCLUDE_DIR PgQuery_LIBRARY PgQuery_PROTOBUF_C_LIBRARY)
find_package_handle_standard_args(PgQuery
  REQUIRED_VARS PgQuery_LIBRARY PgQuery_INCLUDE_DIR PgQuery_PROTOBUF_C_LIBRARY
  REASON_FAILURE_MESSAGE "install libpg-query-dev and libprotobuf-c-dev")
if(PgQuery_FOUND AND NOT TARGET PgQuery::PgQuery)
  add_library(PgQuery::PgQuery UNKNOWN IMPORTED)
  set_target_properties(PgQuery::PgQuery PROPERTIES
    IMPORTED_LOCATION "${PgQuery_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${PgQuery_INCLUDE_DIR}"
    # After libpg_query itself: a static archive is searched once, from left to right.
    INTERFACE_LINK_LIBRARIES "${PgQuery_PROTOBUF_C_LIBRARY}")
endif()
