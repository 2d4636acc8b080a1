# SPDX-License-Identifier: Apache-2.0
# cmake -D CASE=cases/NAME.cmake -D WORK_DIR=... -P run_case.cmake
#
# Configures a project whose CMakeLists.txt includes the case. What is expected stands in the case's first
# comment lines; all patterns are regular expressions, and runs of white space count as one space:
#
#   # arguments: -DPGRATCHET_ENVIRONMENT=prod   for the configuration
#   # fails: PATTERN          the configuration fails and stderr matches; each such line must match
#   # stdout: PATTERN         stdout matches
#   # nowhere: TEXT           occurs neither in the output nor in any file of the build folder
#
# Without "fails" the configuration must succeed and stderr must be empty: a stray warning is a failure.
cmake_minimum_required(VERSION 3.25)

file(READ "${CASE}" text)
set(arguments "")
set(fails "")
set(stdout_patterns "")
set(nowhere "")
string(REGEX MATCHALL "(^|\n)# (arguments|fails|stdout|nowhere): [^\n]*" expectations "${text}")
foreach(line IN LISTS expectations)
  string(REGEX MATCH "# ([a-z]+): ([^\n]*)" line "${line}")
  if(CMAKE_MATCH_1 STREQUAL "arguments")
    separate_arguments(words UNIX_COMMAND "${CMAKE_MATCH_2}")
    list(APPEND arguments ${words})
  elseif(CMAKE_MATCH_1 STREQUAL "fails")
    list(APPEND fails "${CMAKE_MATCH_2}")
  elseif(CMAKE_MATCH_1 STREQUAL "stdout")
    list(APPEND stdout_patterns "${CMAKE_MATCH_2}")
  else()
    list(APPEND nowhere "${CMAKE_MATCH_2}")
  endif()
endforeach()

file(REMOVE_RECURSE "${WORK_DIR}")
file(MAKE_DIRECTORY "${WORK_DIR}/source")
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH tests)
cmake_path(GET tests PARENT_PATH repository)
file(CONFIGURE OUTPUT "${WORK_DIR}/source/CMakeLists.txt" @ONLY CONTENT [=[
cmake_minimum_required(VERSION 3.25)
project(case LANGUAGES NONE)
enable_testing()
include([==[@repository@/cmake/PgRatchet.cmake]==])
include([==[@CMAKE_CURRENT_LIST_DIR@/support.cmake]==])
include([==[@CASE@]==])
]=])

execute_process(
  COMMAND "${CMAKE_COMMAND}" -G Ninja ${arguments} -S "${WORK_DIR}/source" -B "${WORK_DIR}/build"
  RESULT_VARIABLE result
  OUTPUT_VARIABLE stdout
  ERROR_VARIABLE stderr)

set(problems "")
string(REGEX REPLACE "[ \n\t]+" " " flat_stdout "${stdout}")
string(REGEX REPLACE "[ \n\t]+" " " flat_stderr "${stderr}")
if(fails STREQUAL "")
  if(NOT result EQUAL 0)
    string(APPEND problems "the configuration failed (${result})\n")
  endif()
  if(NOT stderr STREQUAL "")
    string(APPEND problems "stderr is not empty\n")
  endif()
elseif(result EQUAL 0)
  string(APPEND problems "the configuration did not fail\n")
endif()
foreach(pattern IN LISTS fails)
  if(NOT flat_stderr MATCHES "${pattern}")
    string(APPEND problems "stderr does not match \"${pattern}\"\n")
  endif()
endforeach()
foreach(pattern IN LISTS stdout_patterns)
  if(NOT flat_stdout MATCHES "${pattern}")
    string(APPEND problems "stdout does not match \"${pattern}\"\n")
  endif()
endforeach()
foreach(secret IN LISTS nowhere)
  string(FIND "${stdout}${stderr}" "${secret}" position)
  if(NOT position EQUAL -1)
    string(APPEND problems "the output shows \"${secret}\"\n")
  endif()
  execute_process(COMMAND grep -rlF -e "${secret}" "${WORK_DIR}/build" OUTPUT_VARIABLE found)
  if(NOT found STREQUAL "")
    string(APPEND problems "\"${secret}\" stands in ${found}")
  endif()
endforeach()

if(NOT problems STREQUAL "")
  message(FATAL_ERROR "${problems}---- stdout\n${stdout}\n---- stderr\n${stderr}")
endif()
