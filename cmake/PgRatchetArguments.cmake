# SPDX-License-Identifier: Apache-2.0
#[=[.rst:
PgRatchetArguments
------------------

Checks of what stands in a call. Every bad argument is fatal: what a typing error leaves out here would be
left out on a production database. ``cmake_parse_arguments`` alone lets three kinds of errors pass, an empty value
(``BASELINE "${NOT_SET}"``), a keyword given twice, and a misspelt keyword behind a list.
#]=]
include_guard(GLOBAL)

# Ends the configuration. <call> is the call as its author knows it: "pgratchet_add_migrations(shop)".
# A hint comes on a line of its own.
function(_pgratchet_fatal call text)
  set(message "${call}: ${text}")
  if(ARGC GREATER 2)
    string(APPEND message "\nhint: ${ARGV2}")
  endif()
  message(FATAL_ERROR "${message}")
endfunction()

# <words> is what stands behind the name in a call, <one> and <many> are the function's keywords with one
# value and with a list of them.
function(_pgratchet_check_words call words one many)
  set(keyword "")
  set(values 0)
  set(seen "")
  list(JOIN one ", " known)
  list(JOIN many ", " known_lists)
  foreach(word IN LISTS words)
    if(word IN_LIST one OR word IN_LIST many)
      _pgratchet_check_has_value("${call}" "${keyword}" ${values})
      if(word IN_LIST seen)
        _pgratchet_fatal("${call}" "${word} is given twice")
      endif()
      list(APPEND seen "${word}")
      set(keyword "${word}")
      set(values 0)
      continue()
    endif()
    math(EXPR values "${values} + 1")
    if(word STREQUAL "")
      _pgratchet_fatal("${call}" "there is an empty argument behind \"${keyword}\"" "is a variable not set that should be?")
    elseif(keyword STREQUAL "" OR (keyword IN_LIST one AND values GREATER 1))
      _pgratchet_fatal("${call}" "unknown argument \"${word}\"" "the keywords are ${known}, ${known_lists}")
    elseif(keyword IN_LIST many AND word MATCHES "^[A-Z][A-Z_]+$"
        AND NOT "${keyword} ${word}" STREQUAL "WARNINGS_AS_ERRORS ALL")
      # The list would swallow it and all that follows.
      _pgratchet_fatal("${call}" "unknown keyword \"${word}\" behind ${keyword}"
        "the keywords are ${known}, ${known_lists}")
    endif()
  endforeach()
  _pgratchet_check_has_value("${call}" "${keyword}" ${values})
endfunction()

function(_pgratchet_check_has_value call keyword values)
  if(values EQUAL 0 AND NOT keyword STREQUAL "")
    _pgratchet_fatal("${call}" "${keyword} has no value" "is a variable not set that should be?")
  endif()
endfunction()

# The absolute path of a folder that must exist; relative paths start at the calling CMakeLists.txt.
function(_pgratchet_existing_directory call keyword path out)
  cmake_path(ABSOLUTE_PATH path BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  string(REGEX REPLACE "(.)/+$" "\\1" path "${path}")
  if(NOT EXISTS "${path}")
    _pgratchet_fatal("${call}" "${keyword} \"${path}\" does not exist")
  elseif(NOT IS_DIRECTORY "${path}")
    _pgratchet_fatal("${call}" "${keyword} \"${path}\" is a file, not a folder")
  endif()
  set(${out} "${path}" PARENT_SCOPE)
endfunction()

# IGNORE entries: four parts, none of them empty. A reason is asked for because the entry outlives
# the memory of the one who wrote it.
function(_pgratchet_check_ignore call)
  foreach(entry IN LISTS ARGN)
    if(NOT entry MATCHES "^[^|]*[^| ][^|]*\\|[^|]*[^| ][^|]*\\|[^|]*[^| ][^|]*\\|[^|]*[^| ][^|]*$")
      _pgratchet_fatal("${call}" "IGNORE \"${entry}\" does not have the form kind|identity|attribute|reason"
        "identity and attribute may be patterns (index|public.tmp_*|*|made by the reporting job); no part may be empty")
    endif()
  endforeach()
endfunction()

# The executor's arguments for the three lists of warnings. The names themselves are the executor's, which knows them.
function(_pgratchet_read_warnings call errors disabled enabled out)
  set(arguments "")
  if("ALL" IN_LIST errors)
    list(REMOVE_ITEM errors ALL)
    list(APPEND arguments --werror)
  endif()
  set(keywords WARNINGS_AS_ERRORS DISABLED_WARNINGS ENABLED_WARNINGS)
  set(options --werror --no-warn --warn)
  set(lists errors disabled enabled)
  foreach(keyword option names IN ZIP_LISTS keywords options lists)
    foreach(name IN LISTS ${names})
      if(NOT name MATCHES "^[a-z][a-z0-9-]*$")
        _pgratchet_fatal("${call}" "${keyword} \"${name}\" is no name of a warning"
          "names look like table-rewrite; pgratchet compile --list-warnings prints them")
      elseif(name IN_LIST disabled AND NOT keyword STREQUAL "DISABLED_WARNINGS")
        _pgratchet_fatal("${call}" "${name} is in ${keyword} and in DISABLED_WARNINGS")
      endif()
      list(APPEND arguments "${option}=${name}")
    endforeach()
  endforeach()
  set(${out} "${arguments}" PARENT_SCOPE)
endfunction()

# Two calls, or a call and the project around it, may not make the same targets, tests or files.
# <prefix> is empty or ends with an underscore; ARGN are the targets that the call will make.
function(_pgratchet_claim_names call name prefix)
  foreach(key IN ITEMS "NAME_${name}" "PREFIX_${prefix}")
    get_property(owner GLOBAL PROPERTY "_PGRATCHET_${key}")
    if(owner AND key MATCHES "^NAME_")
      _pgratchet_fatal("${call}" "in ${CMAKE_CURRENT_LIST_FILE} takes a name that is taken by ${owner}"
        "each call has a name of its own, which names its plan and its local database")
    elseif(owner)
      _pgratchet_fatal("${call}" "in ${CMAKE_CURRENT_LIST_FILE} makes the same targets as ${owner}"
        "give one of the two calls another TARGET_PREFIX")
    endif()
    set_property(GLOBAL PROPERTY "_PGRATCHET_${key}" "${call} in ${CMAKE_CURRENT_LIST_FILE}")
  endforeach()
  foreach(target IN LISTS ARGN)
    if(TARGET "${target}")
      get_target_property(folder "${target}" SOURCE_DIR)
      _pgratchet_fatal("${call}" "the target ${target} exists already, made in ${folder}"
        "rename that target, or use TARGET_PREFIX")
    endif()
  endforeach()
endfunction()

# The executor's arguments for the role under which the application works; an empty list without one.
function(_pgratchet_read_runtime_role call role privileges out)
  set(${out} "" PARENT_SCOPE)
  if(role STREQUAL "")
    if(NOT privileges STREQUAL "")
      _pgratchet_fatal("${call}" "RUNTIME_PRIVILEGES needs RUNTIME_ROLE" "the role that is to have them")
    endif()
    return()
  endif()
  set(arguments --runtime-role "${role}")
  if(NOT privileges STREQUAL "")
    string(REPLACE "," ";" list "${privileges}")
    set(seen "")
    foreach(privilege IN LISTS list)
      if(NOT privilege MATCHES "^(SELECT|INSERT|UPDATE|DELETE|TRUNCATE|REFERENCES|TRIGGER)$" OR privilege IN_LIST seen)
        _pgratchet_fatal("${call}"
          "RUNTIME_PRIVILEGES \"${privileges}\": \"${privilege}\" is no privilege on a table, or stands twice"
          "they are SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES and TRIGGER, with commas and no blanks between")
      endif()
      list(APPEND seen "${privilege}")
    endforeach()
    list(APPEND arguments --runtime-privileges "${privileges}")
  endif()
  set(${out} "${arguments}" PARENT_SCOPE)
endfunction()

# What the names of the targets and of the tests start with.
function(_pgratchet_read_prefix call prefix out_targets out_tests)
  set(${out_targets} "" PARENT_SCOPE)
  set(${out_tests} "" PARENT_SCOPE)
  if(prefix STREQUAL "")
    return()
  elseif(NOT prefix MATCHES "^[A-Za-z]([A-Za-z0-9_-]*[A-Za-z0-9])?$")
    _pgratchet_fatal("${call}" "TARGET_PREFIX \"${prefix}\" is not made of letters, digits, _ and -, or ends with one of the last two"
      "the underscore of crm_migrate_all and the dot of crm.schema.version are put in between")
  endif()
  set(${out_targets} "${prefix}_" PARENT_SCOPE)
  set(${out_tests} "${prefix}." PARENT_SCOPE)
endfunction()
