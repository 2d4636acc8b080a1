# SPDX-License-Identifier: Apache-2.0
# cmake -D SCRIPT=builds/NAME.cmake -D GENERATOR=... -D WORK_DIR=... -P run_build.cmake
#
# For what CMake and the native build tool do together: what runs again, what is passed on. The executor is
# a recorder, a shell script that notes how it was called; no database is involved.
cmake_minimum_required(VERSION 3.25)

set(source "${WORK_DIR}/source")
set(build "${WORK_DIR}/build")
set(record "${WORK_DIR}/record.txt")
set(recorder "${WORK_DIR}/recorder")
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH tests)
cmake_path(GET tests PARENT_PATH repository)

# Ends with the code in the file exit_code, if there is one; report_exit_code is for calls with --report.
function(write_recorder comment)
  file(WRITE "${recorder}" "#!/bin/sh
# ${comment}
folder=\${0%/*}
echo \"$*\" >> \"$folder/record.txt\"
if [ -n \"\${SECRET_URL:-}\" ]; then printf %s \"$SECRET_URL\" > \"$folder/secret.txt\"; fi
case \"$*\" in *--report*)
  if [ -f \"$folder/report_exit_code\" ]; then exit \"$(cat \"$folder/report_exit_code\")\"; fi;;
esac
if [ -f \"$folder/exit_code\" ]; then exit \"$(cat \"$folder/exit_code\")\"; fi
if [ \"$1\" = compile ]; then
  while [ \"$1\" != --plan ]; do shift; done
  echo '{}' > \"$2\"
fi
")
  file(CHMOD "${recorder}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
endfunction()

function(write_sql path)
  # Makefiles compare time stamps; where the file system counts in coarse steps, a change has to be a step away.
  execute_process(COMMAND "${CMAKE_COMMAND}" -E sleep 0.05)
  file(WRITE "${source}/${path}" "BEGIN;\nSELECT '${ARGN}';\nCOMMIT;\n")
endfunction()

# A project around one call.
function(write_project call)
  file(WRITE "${source}/CMakeLists.txt" "cmake_minimum_required(VERSION 3.25)
project(shop LANGUAGES NONE)
enable_testing()
include([==[${repository}/cmake/PgRatchet.cmake]==])
add_executable(PgRatchet::pgratchet IMPORTED)
set_target_properties(PgRatchet::pgratchet PROPERTIES IMPORTED_LOCATION [==[${recorder}]==])
${call}
")
endfunction()

# run(<command>...): sets result, and output (both streams).
macro(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
endmacro()

function(complain text)
  set(log "")
  if(EXISTS "${record}")
    file(READ "${record}" log)
  endif()
  message(FATAL_ERROR "${text}\n---- output\n${output}\n---- record\n${log}")
endfunction()

function(configure)
  run("${CMAKE_COMMAND}" -G "${GENERATOR}" ${ARGN} -S "${source}" -B "${build}")
  if(NOT result EQUAL 0)
    complain("the configuration failed")
  endif()
endfunction()

# expect_build(<why> <regex of the record> [<target>...]): builds and looks at what the executor was asked
# for; one line of the record for each call. An empty regex means that it was not called.
function(expect_build why regex)
  set(targets "")
  if(ARGN)
    set(targets --target ${ARGN})
  endif()
  file(REMOVE "${record}")
  run("${CMAKE_COMMAND}" --build "${build}" ${targets})
  if(NOT result EQUAL 0)
    complain("${why}: the build failed")
  endif()
  set(log "")
  if(EXISTS "${record}")
    file(READ "${record}" log)
  endif()
  if(NOT log MATCHES "^${regex}$")
    complain("${why}: the executor's calls do not match \"${regex}\"")
  endif()
endfunction()

file(REMOVE_RECURSE "${WORK_DIR}")
write_recorder("first version")
include("${SCRIPT}")
