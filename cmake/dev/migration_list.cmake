# SPDX-License-Identifier: Apache-2.0
# Keeps the list of migrations in docs/how-to/apply-migrations.md equal to the files.
#
# Included, it makes the targets migration_list (writes the list) and migration_list_check, and, where tests are
# enabled, a test of the latter. As a script it does their work:
#   cmake -D ACTION=write|check -D SOURCE_DIR=... -P migration_list.cmake
cmake_minimum_required(VERSION 3.25)

if(NOT CMAKE_SCRIPT_MODE_FILE)
  function(_pgratchet_add_migration_list script)
    set(command "${CMAKE_COMMAND}" -D "SOURCE_DIR=${PROJECT_SOURCE_DIR}")
    add_custom_target(migration_list
      COMMAND ${command} -D ACTION=write -P "${script}"
      COMMENT "Writing the list of migrations into the documentation"
      VERBATIM)
    add_custom_target(migration_list_check
      COMMAND ${command} -D ACTION=check -P "${script}"
      VERBATIM)
    if(CMAKE_TESTING_ENABLED)
      add_test(NAME docs.migration_list COMMAND ${command} -D ACTION=check -P "${script}")
      set_tests_properties(docs.migration_list PROPERTIES LABELS docs)
    endif()
  endfunction()
  _pgratchet_add_migration_list("${CMAKE_CURRENT_LIST_FILE}")
  return()
endif()

include("${CMAKE_CURRENT_LIST_DIR}/../PgRatchetMigrationNames.cmake")

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
  file(GLOB names RELATIVE "${directory}" "${directory}/*.sql")
  _pgratchet_order_migrations(history "" ${names})
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

set(page "${SOURCE_DIR}/docs/how-to/apply-migrations.md")
set(begin "<!-- migrations: written by the target migration_list -->\n")
set(end "<!-- migrations: end -->\n")

read_list("${SOURCE_DIR}/migrations" list)
file(READ "${page}" text)
string(FIND "${text}" "${begin}" from)
string(FIND "${text}" "${end}" to)
if(from LESS 0 OR to LESS from)
  message(FATAL_ERROR "${page} has no markers for the list of migrations")
endif()
string(LENGTH "${begin}" length)
math(EXPR from "${from} + ${length}")
string(SUBSTRING "${text}" 0 ${from} head)
string(SUBSTRING "${text}" ${to} -1 tail)
set(wanted "${head}${list}${tail}")

if(ACTION STREQUAL "write")
  if(NOT wanted STREQUAL text)
    file(WRITE "${page}" "${wanted}")
  endif()
elseif(ACTION STREQUAL "check")
  if(NOT wanted STREQUAL text)
    message(FATAL_ERROR "the list of migrations in ${page} is not that of the files; the target \"migration_list\" writes it")
  endif()
else()
  message(FATAL_ERROR "unknown ACTION \"${ACTION}\"")
endif()
