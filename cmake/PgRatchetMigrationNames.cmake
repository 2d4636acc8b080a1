# SPDX-License-Identifier: Apache-2.0
#[=[.rst:
PgRatchetMigrationNames
-----------------------

File names of migrations: taken apart, ordered, and checked as a set. Nothing here looks at the file system,
and a wrong set is an answer, not an error, so that script-mode tests reach every line.
The executor applies the same rules when it compiles; here they decide which targets exist.

.. code-block:: cmake

  _pgratchet_order_migrations(history "" 002_orders.sql 001_customers.sql)
  # history_FILES    001_customers.sql;002_orders.sql
  # history_VERSIONS 001;002
  # history_PROBLEM  (empty)
#]=]
include_guard(GLOBAL)

# A path as file(GLOB) takes it for itself and not for a pattern.
function(_pgratchet_no_pattern path out)
  string(REGEX REPLACE "([[*?])" "[\\1]" path "${path}")
  set(${out} "${path}" PARENT_SCOPE)
endfunction()

# Takes NNN_description.sql apart; <out> is empty for any other name. Brackets and semicolons would
# change how CMake splits the list of all names, so they never pass as part of a description.
function(_pgratchet_version_of file_name out)
  if(file_name MATCHES "^([0-9][0-9][0-9]+)_[^][;]+\\.sql$")
    set(${out} "${CMAKE_MATCH_1}" PARENT_SCOPE)
  else()
    set(${out} "" PARENT_SCOPE)
  endif()
endfunction()

# A version as a plain number; math() and comparisons then never meet a leading zero.
function(_pgratchet_version_to_number version out)
  # Not a replacement of leading zeros: CMake's REGEX REPLACE takes ^ anew after each match, and 0100 became 10.
  string(REGEX MATCH "[1-9][0-9]*$" number "0${version}")
  if(number STREQUAL "")
    set(number 0)
  endif()
  set(${out} "${number}" PARENT_SCOPE)
endfunction()

function(_pgratchet_number_to_version number width out)
  string(LENGTH "${number}" length)
  if(length LESS width)
    math(EXPR missing "${width} - ${length}")
    string(REPEAT "0" ${missing} zeros)
    string(PREPEND number "${zeros}")
  endif()
  set(${out} "${number}" PARENT_SCOPE)
endfunction()

# Versions of eight digits and more are timestamps, where gaps are natural and no number is "next".
function(_pgratchet_is_timestamp version out)
  string(LENGTH "${version}" width)
  if(width GREATER_EQUAL 8)
    set(${out} TRUE PARENT_SCOPE)
  else()
    set(${out} FALSE PARENT_SCOPE)
  endif()
endfunction()

# "the next free number is 005", for the end of a message about a set whose versions are given.
function(_pgratchet_free_number_hint out)
  set(newest 0)
  set(width 3)
  foreach(version IN LISTS ARGN)
    _pgratchet_is_timestamp("${version}" timestamp)
    if(timestamp)
      set(${out} "take the present time as the number" PARENT_SCOPE)
      return()
    endif()
    _pgratchet_version_to_number("${version}" number)
    if(number GREATER_EQUAL newest)
      set(newest "${number}")
      string(LENGTH "${version}" width)
    endif()
  endforeach()
  math(EXPR free "${newest} + 1")
  _pgratchet_number_to_version("${free}" ${width} free)
  set(${out} "the next free number is ${free}" PARENT_SCOPE)
endfunction()

# What is wrong with the first of the ordered versions, or an empty text.
function(_pgratchet_problem_of_start file version baseline out)
  set(${out} "" PARENT_SCOPE)
  _pgratchet_is_timestamp("${version}" timestamp)
  _pgratchet_version_to_number("${version}" number)
  if(timestamp OR number EQUAL 1)
    return()
  endif()
  string(LENGTH "${version}" width)
  if(number GREATER 1 AND NOT baseline STREQUAL "")
    _pgratchet_version_to_number("${baseline}" baseline_number)
    math(EXPR after_baseline "${baseline_number} + 1")
    if(number LESS_EQUAL after_baseline)
      return()
    endif()
    _pgratchet_number_to_version("${after_baseline}" ${width} free)
    set(${out} "the history goes on with ${file} after BASELINE ${baseline}: the free number is ${free}" PARENT_SCOPE)
    return()
  endif()
  _pgratchet_number_to_version(1 ${width} free)
  set(${out} "the history starts with ${file}: the free number is ${free}, or BASELINE and BASELINE_SCHEMA stand for what is left out" PARENT_SCOPE)
endfunction()

# What is wrong between one version and the one after it, or an empty text.
function(_pgratchet_problem_between file version next_file next_version out)
  set(${out} "" PARENT_SCOPE)
  string(LENGTH "${version}" width)
  string(LENGTH "${next_version}" next_width)
  if(NOT width EQUAL next_width)
    set(${out} "${file} has ${width} digits and ${next_file} has ${next_width}; one folder has one width" PARENT_SCOPE)
    return()
  endif()
  if(version STREQUAL next_version)
    set(${out} "version ${version} is taken twice, by ${file} and ${next_file}" PARENT_SCOPE)
    return()
  endif()
  _pgratchet_is_timestamp("${version}" timestamp)
  if(timestamp)
    return()
  endif()
  _pgratchet_version_to_number("${version}" number)
  _pgratchet_version_to_number("${next_version}" next_number)
  math(EXPR expected "${number} + 1")
  if(NOT next_number EQUAL expected)
    _pgratchet_number_to_version("${expected}" ${width} free)
    set(${out} "${free} is missing between ${file} and ${next_file}: the free number is ${free}" PARENT_SCOPE)
  endif()
endfunction()

#[=[.rst:
.. command:: _pgratchet_order_migrations(<out> <baseline> [<file-name>...])

  Sets ``<out>_FILES`` and ``<out>_VERSIONS`` to the given names in the order of their versions, and
  ``<out>_PROBLEM`` to the first thing that is wrong with the set, or to an empty text. ``<baseline>`` is
  a version or empty.
#]=]
function(_pgratchet_order_migrations out baseline)
  set(keyed "")
  set(all_versions "")
  set(near_miss "")
  foreach(file_name IN LISTS ARGN)
    _pgratchet_version_of("${file_name}" version)
    if(version STREQUAL "")
      # Another SQL file is passed over, and the executor warns of it.
      if(file_name MATCHES "^[0-9]|[][;]")
        list(APPEND near_miss "${file_name}")
      endif()
      continue()
    endif()
    list(APPEND all_versions "${version}")
    string(LENGTH "${version}" width)
    _pgratchet_number_to_version("${width}" 2 width)
    list(APPEND keyed "${width}|${version}|${file_name}")
  endforeach()

  # By width first, so that a mixed set is found out where one width ends. Equal widths sort as text.
  list(SORT keyed)
  set(problem "")
  set(files "")
  set(versions "")
  if(near_miss)
    list(GET near_miss 0 problem)
    _pgratchet_free_number_hint(hint ${all_versions})
    set(problem "\"${problem}\" is not the name of a migration, which is NNN_description.sql with three digits or more and no bracket or semicolon; ${hint}")
  endif()

  set(previous_file "")
  foreach(item IN LISTS keyed)
    string(REGEX MATCH "^[0-9]+\\|([0-9]+)\\|(.*)$" item "${item}")
    set(version "${CMAKE_MATCH_1}")
    set(file_name "${CMAKE_MATCH_2}")
    if(problem STREQUAL "")
      if(previous_file STREQUAL "")
        _pgratchet_problem_of_start("${file_name}" "${version}" "${baseline}" problem)
      else()
        _pgratchet_problem_between("${previous_file}" "${previous_version}" "${file_name}" "${version}" problem)
      endif()
      if(problem MATCHES "digits and|taken twice")
        _pgratchet_free_number_hint(hint ${all_versions})
        string(APPEND problem "; ${hint}")
      endif()
    endif()
    set(previous_file "${file_name}")
    set(previous_version "${version}")
    list(APPEND files "${file_name}")
    list(APPEND versions "${version}")
  endforeach()

  set(${out}_FILES "${files}" PARENT_SCOPE)
  set(${out}_VERSIONS "${versions}" PARENT_SCOPE)
  set(${out}_PROBLEM "${problem}" PARENT_SCOPE)
endfunction()

# What is wrong with BASELINE over the ordered versions, or an empty text.
function(_pgratchet_problem_of_baseline baseline out)
  set(${out} "" PARENT_SCOPE)
  list(GET ARGN -1 newest)
  string(LENGTH "${newest}" width)
  string(LENGTH "${baseline}" baseline_width)
  if(NOT baseline MATCHES "^[0-9]+$")
    set(${out} "BASELINE \"${baseline}\" is not a version; it is written as the files write it, with ${width} digits" PARENT_SCOPE)
  elseif(NOT width EQUAL baseline_width)
    set(${out} "BASELINE ${baseline} has ${baseline_width} digits and the files have ${width}" PARENT_SCOPE)
  elseif(baseline STRGREATER newest)
    set(${out} "BASELINE ${baseline} is newer than the newest file, ${newest}" PARENT_SCOPE)
  endif()
endfunction()
