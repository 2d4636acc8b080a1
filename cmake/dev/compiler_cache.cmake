# SPDX-License-Identifier: Apache-2.0
# Uses ccache if there is one, unless somebody chose a launcher already.
find_program(PGRATCHET_CCACHE ccache)
mark_as_advanced(PGRATCHET_CCACHE)
if(PGRATCHET_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER AND NOT DEFINED ENV{CMAKE_CXX_COMPILER_LAUNCHER})
  set(CMAKE_CXX_COMPILER_LAUNCHER "${PGRATCHET_CCACHE}")
endif()
