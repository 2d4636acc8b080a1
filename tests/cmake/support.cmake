# SPDX-License-Identifier: Apache-2.0
# For the cases: files to register, and an executor that is never run.

# write_files(migrations 001_a.sql 002_b.sql) below the case's source folder.
function(write_files folder)
  file(MAKE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/${folder}")
  foreach(name IN LISTS ARGN)
    file(WRITE "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${name}" "BEGIN;\nSELECT 1;\nCOMMIT;\n")
  endforeach()
endfunction()

function(require_targets)
  foreach(target IN LISTS ARGN)
    if(NOT TARGET "${target}")
      message(SEND_ERROR "there is no target ${target}")
    endif()
  endforeach()
endfunction()

function(refuse_targets)
  foreach(target IN LISTS ARGN)
    if(TARGET "${target}")
      message(SEND_ERROR "there is a target ${target}")
    endif()
  endforeach()
endfunction()

# The tests of this folder are exactly these.
function(require_tests)
  get_property(tests DIRECTORY PROPERTY TESTS)
  list(SORT tests)
  set(expected "${ARGN}")
  list(SORT expected)
  if(NOT tests STREQUAL expected)
    message(SEND_ERROR "the tests are ${tests}, and not ${expected}")
  endif()
endfunction()

if(NOT CASE_WITHOUT_EXECUTOR)
  add_executable(PgRatchet::pgratchet IMPORTED)
  set_target_properties(PgRatchet::pgratchet PROPERTIES IMPORTED_LOCATION "${CMAKE_COMMAND}")
endif()
