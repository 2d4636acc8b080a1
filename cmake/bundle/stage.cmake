# SPDX-License-Identifier: Apache-2.0
# CPack's install step of a bundle: lays its files out in CMAKE_INSTALL_PREFIX. The executor writes what is made of the
# plan; it refuses a plan that is not of the files as they are.
cmake_policy(VERSION 3.25)

# The DEB generator installs below DESTDIR, the TGZ generator right into the prefix.
set(to "${CMAKE_INSTALL_PREFIX}")
if(NOT "$ENV{DESTDIR}" STREQUAL "")
  set(to "$ENV{DESTDIR}${CPACK_PACKAGING_INSTALL_PREFIX}")
endif()
# The folder that cpack was started in cannot be told: cpack has left it, and PWD need not be right. The value is not
# shown, it may be the key itself.
if(NOT "$ENV{PGRATCHET_SIGNING_KEY}" STREQUAL "" AND NOT IS_ABSOLUTE "$ENV{PGRATCHET_SIGNING_KEY}")
  message(FATAL_ERROR "PGRATCHET_SIGNING_KEY is no absolute path, and cpack works in several folders\n"
    "hint: PGRATCHET_SIGNING_KEY=\"$PWD/NAME.key\" cpack ...")
endif()
if(NOT CPACK_PGRATCHET_PORTABLE)
  message(FATAL_ERROR "the executor ${CPACK_PGRATCHET_EXECUTOR} is not linked portably: it would not run where the bundle is unpacked\n"
    "hint: build pgratchet with PGRATCHET_PORTABLE=ON, without sanitizers")
endif()

# ---- Up to date -------------------------------------------------------------------------------------------------------
execute_process(
  COMMAND "${CMAKE_COMMAND}" --build "${CPACK_PGRATCHET_BUILD_DIR}"
    --target "${CPACK_PGRATCHET_TARGET_PREFIX}schema_plan"
  RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "the migrations of ${CPACK_PGRATCHET_NAME} do not compile")
endif()

# ---- What does not depend on the plan ---------------------------------------------------------------------------------
file(MAKE_DIRECTORY "${to}/bin")
configure_file("${CPACK_PGRATCHET_EXECUTOR}" "${to}/bin/pgratchet" COPYONLY)
# What debug information there is names the folders of the build. An installed executor has none any more.
find_program(strip NAMES strip)
if(strip)
  execute_process(COMMAND "${strip}" --strip-all "${to}/bin/pgratchet" COMMAND_ERROR_IS_FATAL ANY)
endif()

file(GLOB modules "${CPACK_PGRATCHET_MODULES}/PgRatchet*.cmake")
list(FILTER modules EXCLUDE REGEX "/PgRatchet(Bundle|Config[A-Za-z]*|Executor[-A-Za-z]*)\\.cmake$")
foreach(module IN LISTS modules)
  cmake_path(GET module FILENAME file)
  configure_file("${module}" "${to}/cmake/${file}" COPYONLY)
endforeach()
configure_file("${CMAKE_CURRENT_LIST_DIR}/PreLoad.cmake" "${to}/PreLoad.cmake" COPYONLY)

set(call "")
foreach(word IN LISTS CPACK_PGRATCHET_CALL)
  if(word MATCHES "^[A-Z][A-Z_]+$")
    string(APPEND call "\n  ${word}")
  else()
    string(APPEND call " [==[${word}]==]")
  endif()
endforeach()
if(CPACK_PGRATCHET_BASELINE_SCHEMA)
  cmake_path(GET CPACK_PGRATCHET_BASELINE_SCHEMA FILENAME file)
  string(APPEND call "\n  BASELINE_SCHEMA [==[baseline/${file}]==]")
endif()
if(CPACK_PGRATCHET_HAS_PROBES)
  string(APPEND call "\n  PROBES probes")
endif()
configure_file("${CMAKE_CURRENT_LIST_DIR}/CMakeLists.txt.in" "${to}/CMakeLists.txt" @ONLY)

# ---- What does --------------------------------------------------------------------------------------------------------
set(revision "$ENV{PGRATCHET_SOURCE_REVISION}")
if(revision STREQUAL "")
  find_program(git git)
  if(git)
    execute_process(
      COMMAND "${git}" -C "${CPACK_PGRATCHET_SOURCE_DIR}" describe --always --abbrev=40 --exclude=* --dirty
      OUTPUT_VARIABLE revision
      OUTPUT_STRIP_TRAILING_WHITESPACE
      ERROR_QUIET)
    # A file that nobody has added is no change to git, and is packed all the same.
    execute_process(
      COMMAND "${git}" --literal-pathspecs -C "${CPACK_PGRATCHET_SOURCE_DIR}" ls-files --error-unmatch --
        ${CPACK_PGRATCHET_INPUTS}
      RESULT_VARIABLE untracked
      OUTPUT_QUIET
      ERROR_QUIET)
    if(revision AND untracked AND NOT revision MATCHES "-dirty$")
      string(APPEND revision "-dirty")
    endif()
  endif()
endif()
set(make "${CPACK_PGRATCHET_EXECUTOR}" bundle make "${to}"
  --plan "${CPACK_PGRATCHET_PLAN}"
  --name "${CPACK_PGRATCHET_NAME}"
  --project-version "${CPACK_PGRATCHET_PROJECT_VERSION}"
  --environment "${CPACK_PGRATCHET_ENVIRONMENT}")
if(revision)
  list(APPEND make --source-revision "${revision}")
endif()
if(CPACK_PGRATCHET_URL_VARIABLE)
  list(APPEND make --url-variable "${CPACK_PGRATCHET_URL_VARIABLE}")
endif()
if(CPACK_PGRATCHET_TARGET_PREFIX)
  list(APPEND make --target-prefix "${CPACK_PGRATCHET_TARGET_PREFIX}")
endif()
if(EXISTS "${CPACK_PGRATCHET_SOURCE_DIR}/CMakePresets.json")
  list(APPEND make --presets "${CPACK_PGRATCHET_SOURCE_DIR}/CMakePresets.json")
endif()
# A plan that is being packed is none that somebody signed.
execute_process(
  COMMAND "${CMAKE_COMMAND}" -E env --unset=PGRATCHET_TRUSTED_KEY ${make}
  OUTPUT_VARIABLE version
  OUTPUT_STRIP_TRAILING_WHITESPACE
  RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "the bundle of ${CPACK_PGRATCHET_NAME} cannot be made")
elseif(NOT version STREQUAL CPACK_PACKAGE_VERSION)
  message(FATAL_ERROR "migrations were added since cpack started: run it again")
endif()

if(NOT "$ENV{PGRATCHET_SIGNING_KEY}" STREQUAL "")
  execute_process(
    COMMAND "${CPACK_PGRATCHET_EXECUTOR}" sign "${to}" --key "$ENV{PGRATCHET_SIGNING_KEY}"
    RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "the bundle of ${CPACK_PGRATCHET_NAME} cannot be signed")
  endif()
else()
  message(STATUS "the bundle is not signed: PGRATCHET_SIGNING_KEY names no key")
endif()
