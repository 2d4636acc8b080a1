# SPDX-License-Identifier: Apache-2.0
#[=[.rst:
PgRatchetTests
--------------

The CTest suite of an environment, ``ctest -L schema``. It is read-only. ``schema.snapshot`` looks at the
environment over one connection and saves what it saw; it is the fixture of all other tests, which read that
file and need no database:

``schema.migration.NNN``
  the migration counts as applied, and what it was the last to define is as it left it. Owners, privileges and comments
  are not compared; what work on data did only a probe can say. A pending migration fails its test.
``schema.probe.NNN_name``
  the hand-written probe ``NNN_name.sql`` holds.
``schema.version``
  nothing is pending.
``schema.drift``
  nothing that the plan knows is different or missing, owners, privileges and comments aside.
``schema.privileges``
  the role named by ``RUNTIME_ROLE`` has ``RUNTIME_PRIVILEGES`` on every table, USAGE on the schemas and on the
  sequences that an INSERT draws from; and it has no CREATE, owns nothing, is no superuser and no member of a role that
  owns or deploys. Not there without ``RUNTIME_ROLE``.

A plan that was never compiled, or is not of the files as they are, fails the tests with the target to build.
#]=]
include_guard(GLOBAL)

# <prefix> is empty or ends with a dot. <checks> are those of the executor: migration.004, probe.004_name, schema.drift
function(_pgratchet_add_tests prefix plan connection checks)
  # In the build folder, wherever the plan came from: nothing is written into a bundle.
  cmake_path(GET plan STEM LAST_ONLY name)
  string(REGEX REPLACE "\\.plan$" "" name "${name}")
  set(report "${CMAKE_BINARY_DIR}/pgratchet/${name}.report.json")
  set(fixture "${prefix}schema.snapshot")

  add_test(NAME "${fixture}"
    COMMAND PgRatchet::pgratchet verify --plan "${plan}" ${connection} --save "${report}")
  set_tests_properties("${fixture}" PROPERTIES
    LABELS schema
    FIXTURES_SETUP "${fixture}")

  set(tests "")
  foreach(check IN LISTS checks)
    string(REGEX REPLACE "^schema\\." "" name "${check}")
    set(test "${prefix}schema.${name}")
    add_test(NAME "${test}"
      COMMAND PgRatchet::pgratchet verify --plan "${plan}" --report "${report}" --only "${check}")
    list(APPEND tests "${test}")
  endforeach()
  set_tests_properties(${tests} PROPERTIES
    LABELS schema
    FIXTURES_REQUIRED "${fixture}"
    SKIP_RETURN_CODE 77)
endfunction()

# Without enable_testing() CTest would find no test and pass: said here, where it can be mended.
function(_pgratchet_check_testing call out)
  if(CMAKE_TESTING_ENABLED)
    set(${out} TRUE PARENT_SCOPE)
  elseif(DEFINED BUILD_TESTING AND NOT BUILD_TESTING)
    set(${out} FALSE PARENT_SCOPE)
  else()
    _pgratchet_fatal("${call}" "the schema's tests need enable_testing() before this call"
      "enable_testing() stands in the top CMakeLists.txt; BUILD_TESTING=OFF leaves the tests out")
  endif()
endfunction()
