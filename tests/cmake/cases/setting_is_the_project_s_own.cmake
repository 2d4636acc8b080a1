# SPDX-License-Identifier: Apache-2.0
# What is declared anywhere is somebody's, and what pgratchet's own build has may stand in a preset for all builds.
# arguments: --no-warn-unused-cli -DPGRATCHET_COLOUR=blue -DPGRATCHET_SHINY:BOOL=ON -DPGRATCHET_PORTABLE=ON -DPGRATCHET_SANITIZE:BOOL=OFF
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
set(PGRATCHET_COLOUR red CACHE STRING "Colour of the project")
option(PGRATCHET_SHINY "Shine")
if(NOT PGRATCHET_COLOUR STREQUAL "blue")
  message(SEND_ERROR "the colour is ${PGRATCHET_COLOUR}")
endif()
