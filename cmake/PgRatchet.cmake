# SPDX-License-Identifier: Apache-2.0
#[=[.rst:
PgRatchet
---------

PostgreSQL migrations as build targets and CTest tests. This file only gathers the modules; the package
configuration includes it, and so does pgratchet's own ``CMakeLists.txt`` when it is added as a subdirectory.

.. code-block:: cmake

  cmake_minimum_required(VERSION 3.25)
  project(shop LANGUAGES NONE)
  enable_testing()
  find_package(PgRatchet 1.0 REQUIRED)
  pgratchet_add_migrations(shop DIRECTORY migrations)
#]=]
include_guard(GLOBAL)

# Functions keep the policies of the place that defines them, whatever the project that calls them asks for.
cmake_policy(VERSION 3.25)

include("${CMAKE_CURRENT_LIST_DIR}/PgRatchetArguments.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/PgRatchetMigrationNames.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/PgRatchetSettingNames.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/PgRatchetEnvironment.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/PgRatchetOwnSettings.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/PgRatchetPlan.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/PgRatchetTargets.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/PgRatchetTests.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/PgRatchetMigrationList.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/PgRatchetWriting.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/PgRatchetAddMigrations.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/PgRatchetBundle.cmake" OPTIONAL) # a bundle itself has none
