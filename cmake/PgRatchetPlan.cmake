# SPDX-License-Identifier: Apache-2.0
#[=[.rst:
PgRatchetPlan
-------------

The target ``schema_plan``: compiles the migrations on the shadow, again only when there is a reason to.

Added files are noticed by the glob, changed files by their time stamps. A *removed* file leaves all other
files older than the plan, so the names (and what the call says besides) are written to a list on which the
plan depends too.
#]=]
include_guard(GLOBAL)

# The names of the SQL files of a folder. Hidden files are an editor's (.#004_notes.sql): passed over.
function(_pgratchet_sql_files directory out)
  _pgratchet_no_pattern("${directory}" folder)
  file(GLOB names RELATIVE "${directory}" CONFIGURE_DEPENDS LIST_DIRECTORIES FALSE "${folder}/*.[sS][qQ][lL]")
  list(FILTER names EXCLUDE REGEX "^\\.")
  set(${out} "${names}" PARENT_SCOPE)
endfunction()

# Makes the target <target> for a plan that came compiled, in a bundle: it checks that the bundle is whole.
function(_pgratchet_add_given_plan call target plan out)
  cmake_path(ABSOLUTE_PATH plan BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  if(NOT EXISTS "${plan}" OR IS_DIRECTORY "${plan}")
    _pgratchet_fatal("${call}" "PLAN \"${plan}\" is not a file")
  endif()
  file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/pgratchet")
  cmake_path(GET plan PARENT_PATH folder)
  if(EXISTS "${folder}/pgratchet-bundle.json")
    add_custom_target(${target} ALL
      COMMAND PgRatchet::pgratchet bundle verify "${folder}"
      COMMENT "Checking the bundle"
      VERBATIM)
  else()
    add_custom_target(${target} ALL)
  endif()
  set(${out} "${plan}" PARENT_SCOPE)
endfunction()

# Makes the target <target>, which writes <plan>, NAME.plan.json, from <inputs> with the executor's arguments ARGN.
function(_pgratchet_add_plan_target target plan inputs)
  cmake_path(GET plan STEM name)
  cmake_path(GET plan PARENT_PATH folder)
  file(MAKE_DIRECTORY "${folder}")
  # Not beside the plan: that folder may be deleted to begin anew, and only configuring writes this file.
  set(list_file "${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${name}.plan.inputs")
  list(JOIN inputs "\n" input_lines)
  list(JOIN ARGN "\n" argument_lines)
  file(CONFIGURE OUTPUT "${list_file}" CONTENT "@input_lines@\n\n@argument_lines@\n" @ONLY)

  add_custom_command(
    OUTPUT "${plan}"
    COMMAND PgRatchet::pgratchet compile --end-with-build --plan "${plan}" ${ARGN}
    DEPENDS ${inputs} "${list_file}" PgRatchet::pgratchet
    COMMENT "Compiling the migrations of ${name}"
    USES_TERMINAL
    VERBATIM)
  add_custom_target(${target} ALL DEPENDS "${plan}")
endfunction()
