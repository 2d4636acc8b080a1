# SPDX-License-Identifier: Apache-2.0
# What only those who work on pgratchet need: strict warnings, sanitizers, format and lint targets.

# clang-tidy reads how each file is compiled from compile_commands.json.
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(PGRATCHET_SANITIZE "Address and undefined behaviour sanitizers" OFF)
option(PGRATCHET_FUZZ "libFuzzer's targets; wants clang and PGRATCHET_SANITIZE" OFF)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor)
if(PGRATCHET_SANITIZE)
  # GCC's data flow warnings misjudge instrumented code: no -Werror here, the ci preset has it.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  add_link_options(-fsanitize=address,undefined)
else()
  add_compile_options(-Werror)
endif()

if(PGRATCHET_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR NOT PGRATCHET_SANITIZE)
    message(FATAL_ERROR "PGRATCHET_FUZZ needs clang and PGRATCHET_SANITIZE: use the preset \"fuzz\"")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

foreach(target IN ITEMS format format_check lint)
  add_custom_target(${target}
    COMMAND "${CMAKE_COMMAND}"
      -D ACTION=${target}
      -D "SOURCE_DIR=${PROJECT_SOURCE_DIR}"
      -D "BINARY_DIR=${PROJECT_BINARY_DIR}"
      -P "${CMAKE_CURRENT_LIST_DIR}/check_sources.cmake"
    USES_TERMINAL
    VERBATIM)
endforeach()
