# SPDX-License-Identifier: Apache-2.0
#[=[.rst:
PgRatchetWriting
----------------

The targets that help to write migrations. They work on the source folder, and no environment.

A target takes no arguments, so what they need to know comes in variables of the environment:

.. code-block:: sh

  PGRATCHET_DESCRIPTION="add case notes" cmake --build --preset dev --target new_migration

``freeze_migrations`` adds the migrations that are not frozen yet to ``SHA256SUMS`` in their folder.
#]=]
include_guard(GLOBAL)

# <after> is the version after which the files start, or empty; <page> has the list of migrations, or is empty;
# <test> is the name of its test, or empty.
function(_pgratchet_add_writing_targets prefix directory after page test)
  set(freeze freeze --migrations "${directory}")
  set(new new --migrations "${directory}" --description-variable PGRATCHET_DESCRIPTION)
  if(NOT after STREQUAL "")
    list(APPEND freeze --baseline "${after}")
    list(APPEND new --baseline "${after}")
  endif()
  _pgratchet_add_executor_target(${prefix}freeze_migrations "Freezing the migrations" ${freeze})
  add_dependencies(${prefix}freeze_migrations ${prefix}schema_plan) # what does not compile is not frozen
  if(page STREQUAL "")
    _pgratchet_add_executor_target(${prefix}new_migration "Writing a new migration" ${new})
    return()
  endif()
  _pgratchet_add_migration_list("${prefix}" "${directory}" "${page}" "${after}" "${test}")
  add_custom_target(${prefix}new_migration
    COMMAND PgRatchet::pgratchet ${new}
    COMMAND "${CMAKE_COMMAND}" -D ACTION=write -D "DIRECTORY=${directory}" -D "PAGE=${page}" -D "AFTER=${after}"
      -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/PgRatchetMigrationList.cmake"
    COMMENT "Writing a new migration"
    USES_TERMINAL
    VERBATIM)
endfunction()

# The names of those targets.
function(_pgratchet_writing_target_names prefix page out)
  set(names freeze_migrations new_migration)
  if(NOT page STREQUAL "")
    list(APPEND names migration_list migration_list_check)
  endif()
  list(TRANSFORM names PREPEND "${prefix}")
  set(${out} "${names}" PARENT_SCOPE)
endfunction()

# The page for the list of migrations, as an absolute path; empty without one.
function(_pgratchet_read_list call page out)
  set(${out} "" PARENT_SCOPE)
  if(page STREQUAL "")
    return()
  endif()
  cmake_path(ABSOLUTE_PATH page BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  if(NOT EXISTS "${page}" OR IS_DIRECTORY "${page}")
    _pgratchet_fatal("${call}" "LIST \"${page}\" is not a file"
      "it is a page of documentation with two lines between which the list of migrations is written")
  endif()
  set(${out} "${page}" PARENT_SCOPE)
endfunction()
