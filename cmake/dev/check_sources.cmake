# SPDX-License-Identifier: Apache-2.0
# cmake -D ACTION=format|format_check|lint -D SOURCE_DIR=... -D BINARY_DIR=... -P check_sources.cmake
#
# The files are looked up when the target runs, so that no new one is left out.
cmake_minimum_required(VERSION 3.25)

file(GLOB_RECURSE sources "${SOURCE_DIR}/tool/src/*.cpp" "${SOURCE_DIR}/tests/*.cpp" "${SOURCE_DIR}/tests/*.c" "${SOURCE_DIR}/cmake/*.cpp")
file(GLOB_RECURSE headers "${SOURCE_DIR}/tool/src/*.hpp" "${SOURCE_DIR}/tests/*.hpp")

# The versions of Debian 12 are the yardstick, whatever else is installed: another one formats differently.
find_program(clang_format NAMES clang-format-14 clang-format REQUIRED)

if(ACTION STREQUAL "format")
  execute_process(COMMAND "${clang_format}" -i ${sources} ${headers} COMMAND_ERROR_IS_FATAL ANY)
elseif(ACTION STREQUAL "format_check")
  execute_process(COMMAND "${clang_format}" --dry-run --Werror ${sources} ${headers} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "some files are not formatted; the target \"format\" does it")
  endif()
elseif(ACTION STREQUAL "lint")
  find_program(run_clang_tidy NAMES run-clang-tidy-14 run-clang-tidy REQUIRED)
  if(NOT EXISTS "${BINARY_DIR}/compile_commands.json")
    message(FATAL_ERROR "there is no compile_commands.json in ${BINARY_DIR}; the Ninja and Makefile generators write one")
  endif()
  # What this project compiles itself, a few files at a time: it takes minutes, and CI takes long silence for a hang.
  file(STRINGS "${BINARY_DIR}/compile_commands.json" entries ENCODING UTF-8 REGEX "^ *\"file\": ")
  list(TRANSFORM entries REPLACE "^ *\"file\": \"(.*)\",?$" "\\1")
  list(FILTER entries INCLUDE REGEX "/(tool|tests)/")
  list(LENGTH entries all)
  set(done 0)
  set(findings "")
  while(done LESS all)
    list(SUBLIST entries ${done} 8 batch)
    string(REGEX REPLACE "([][+.*()^$?|\\])" "\\\\\\1" patterns "${batch}")
    list(TRANSFORM patterns REPLACE "(.+)" "^\\1$")
    execute_process(
      COMMAND "${run_clang_tidy}" -quiet -p "${BINARY_DIR}" ${patterns}
      RESULT_VARIABLE result
      OUTPUT_VARIABLE output
      ERROR_VARIABLE noise)
    list(LENGTH batch size)
    math(EXPR done "${done} + ${size}")
    message(STATUS "clang-tidy: ${done} of ${all} files")
    if(NOT result EQUAL 0)
      # Only what clang-tidy found; its command lines and counts of suppressed warnings say nothing.
      string(REGEX REPLACE "[^\n]*clang-tidy[^\n]* -p=[^\n]*\n|[0-9]+ warnings? generated\\.\n" "" output "${output}${noise}")
      string(REGEX REPLACE "\n\n+" "\n" output "${output}")
      message("${output}")
      string(APPEND findings "${output}")
    endif()
  endwhile()
  if(findings)
    message(FATAL_ERROR "clang-tidy found something")
  endif()
else()
  message(FATAL_ERROR "unknown ACTION \"${ACTION}\"")
endif()
