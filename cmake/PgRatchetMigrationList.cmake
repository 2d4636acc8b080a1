# SPDX-License-Identifier: Apache-2.0
#[=[.rst:
PgRatchetMigrationList
----------------------

Keeps a list of the migrations in a page of documentation equal to the files. The page has two lines between which
the list stands, and the list is a table in Markdown:

.. code-block:: none

  <!-- migrations: written by the target migration_list -->
  <!-- migrations: end -->

Included, it has the function that makes the targets ``migration_list``, which writes the list, and
``migration_list_check``, and a test of the latter. As a script it does their work:

.. code-block:: none

  cmake -D ACTION=write|check -D DIRECTORY=migrations -D PAGE=docs/migrations.md [-D AFTER=003]
    -P PgRatchetMigrationList.cmake
#]=]
cmake_minimum_required(VERSION 3.25)

if(NOT CMAKE_SCRIPT_MODE_FILE)
  include_guard(GLOBAL)

  # <after> is the version after which the files start, or empty; <test> the name of the test, or empty.
  function(_pgratchet_add_migration_list prefix directory page after test)
    set(command "${CMAKE_COMMAND}" -D "DIRECTORY=${directory}" -D "PAGE=${page}" -D "AFTER=${after}"
      -D "TARGET=${prefix}migration_list")
    add_custom_target(${prefix}migration_list
      COMMAND ${command} -D ACTION=write -P "${CMAKE_CURRENT_FUNCTION_LIST_FILE}"
      COMMENT "Writing the list of migrations into ${page}"
      VERBATIM)
    add_custom_target(${prefix}migration_list_check
      COMMAND ${command} -D ACTION=check -P "${CMAKE_CURRENT_FUNCTION_LIST_FILE}"
      VERBATIM)
    if(NOT test STREQUAL "")
      add_test(NAME "${test}" COMMAND ${command} -D ACTION=check -P "${CMAKE_CURRENT_FUNCTION_LIST_FILE}")
      set_tests_properties("${test}" PROPERTIES LABELS docs)
    endif()
  endfunction()
  return()
endif()

include("${CMAKE_CURRENT_LIST_DIR}/PgRatchetMigrationNames.cmake")

# What a file says of itself: its first paragraph of comment, without the licence.
function(comment_of file out)
  file(READ "${file}" text)
  string(REPLACE "\r" "" text "${text}")
  string(REGEX REPLACE "^-- SPDX-License-Identifier:[^\n]*\n" "" text "${text}")
  string(REGEX REPLACE "^-- pgratchet:[^\n]*\n" "" text "${text}")
  # A line `--` without words ends the paragraph.
  string(REGEX MATCH "^(--[ \t]*[^- \t\n][^\n]*\n)+" text "${text}")
  string(REGEX REPLACE "--[ \t]*([^\n]*)\n" "\\1 " text "${text}")
  string(REPLACE "|" "\\|" text "${text}")
  string(STRIP "${text}" text)
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

function(read_list directory out)
  _pgratchet_no_pattern("${directory}" folder)
  file(GLOB names RELATIVE "${directory}" "${folder}/*.sql")
  _pgratchet_order_migrations(history "${AFTER}" ${names})
  if(NOT history_PROBLEM STREQUAL "")
    message(FATAL_ERROR "${directory}: ${history_PROBLEM}")
  endif()
  set(text "| version | file | in a transaction | what it does |\n| --- | --- | --- | --- |\n")
  foreach(name version IN ZIP_LISTS history_FILES history_VERSIONS)
    comment_of("${directory}/${name}" comment)
    file(READ "${directory}/${name}" sql)
    set(transaction yes)
    if("\n${sql}" MATCHES "\n-- *pgratchet: *no-transaction")
      set(transaction no)
    endif()
    string(APPEND text "| ${version} | `${name}` | ${transaction} | ${comment} |\n")
  endforeach()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

set(begin "<!-- migrations: written by the target migration_list -->\n")
set(end "<!-- migrations: end -->\n")

read_list("${DIRECTORY}" list)
file(READ "${PAGE}" text)
string(FIND "${text}" "${begin}" from)
string(FIND "${text}" "${end}" to)
if(from LESS 0 OR to LESS from)
  message(FATAL_ERROR "${PAGE} has no place for the list of migrations\n"
    "hint: write these two lines where it is to stand:\n${begin}${end}")
endif()
string(LENGTH "${begin}" length)
math(EXPR from "${from} + ${length}")
string(SUBSTRING "${text}" 0 ${from} head)
string(SUBSTRING "${text}" ${to} -1 tail)
set(wanted "${head}${list}${tail}")

if(ACTION STREQUAL "write")
  if(NOT wanted STREQUAL text)
    file(WRITE "${PAGE}" "${wanted}")
  endif()
elseif(ACTION STREQUAL "check")
  if(NOT wanted STREQUAL text)
    message(FATAL_ERROR "the list of migrations in ${PAGE} is not that of the files\n"
      "hint: build the target ${TARGET}, which writes it")
  endif()
else()
  message(FATAL_ERROR "unknown ACTION \"${ACTION}\"")
endif()
