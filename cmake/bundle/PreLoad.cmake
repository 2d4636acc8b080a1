# SPDX-License-Identifier: Apache-2.0
# CMake reads this before it chooses a generator. Its usual choice is make; where there is only ninja, that will do.
if(NOT DEFINED CMAKE_GENERATOR AND NOT DEFINED ENV{CMAKE_GENERATOR})
  find_program(PGRATCHET_MAKE NAMES gmake make NO_CACHE)
  find_program(PGRATCHET_NINJA NAMES ninja ninja-build NO_CACHE)
  if(NOT PGRATCHET_MAKE AND PGRATCHET_NINJA)
    set(CMAKE_GENERATOR Ninja CACHE INTERNAL "")
  endif()
endif()
