# SPDX-License-Identifier: Apache-2.0
#[=[.rst:
PgRatchetBundle
---------------

Packs a plan with all that an operator needs to apply it.

.. command:: pgratchet_add_bundle

  .. code-block:: cmake

    pgratchet_add_bundle(<name>
      [VERSION <version>]
      [CONTACT <name and address>])

  ``<name>``
    That of a call of :command:`pgratchet_add_migrations` before.

  ``VERSION``
    Digits and dots; the project's version if not given, else ``0``. The newest migration is put behind it: the
    bundle of version 1.4.0 with the migrations up to 012 is ``1.4.0+012``.

  ``CONTACT``
    Who answers for it, ``Name <address>``: the maintainer of the Debian package.

  ``cpack`` in the build folder, or ``cpack --preset`` with a package preset, then makes two packages of the same
  files, ``<name>-migrations-<version>-<system>.tar.gz`` and a Debian package that puts them into
  ``/usr/lib/<name>-migrations``: the executor, the CMake modules, migrations, probes, the compiled plan, presets, a
  ``CMakeLists.txt`` that needs no compiler, the runbook and the manifest. The plan is brought up to date before. Migrations that are not frozen (``freeze_migrations``)
  are refused. Two
  builds of one revision give the same bytes.

  CPack reads ``pgratchet/<name>.cpack.cmake`` of the build folder. Unless the project includes CPack for packages of
  its own, the first bundle is also what ``cpack`` makes without further words; for others there is
  ``cpack --config pgratchet/<name>.cpack.cmake``, or ``configFile`` in a package preset.

  Environment variables, when ``cpack`` runs:

  ``PGRATCHET_SIGNING_KEY``
    File of the secret key that signs the bundle. Without it the bundle is not signed.
  ``SOURCE_DATE_EPOCH``
    The time of all files, in seconds. The time of the last commit if not set, or 1980 outside of git.
  ``PGRATCHET_SOURCE_REVISION``
    What the manifest calls the source's revision. If not set, git is asked.

Example:

.. code-block:: cmake

  pgratchet_add_migrations(shop DIRECTORY migrations PROBES migrations/probes)
  pgratchet_add_bundle(shop CONTACT "Shop team <shop@example.org>")
#]=]
include_guard(GLOBAL)

function(pgratchet_add_bundle)
  set(one_value VERSION CONTACT)
  set(words "${ARGV}")
  list(POP_FRONT words name)
  set(call "pgratchet_add_bundle(${name})")
  _pgratchet_check_words("${call}" "${words}" "${one_value}" "")
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "${one_value}" "")

  get_property(plan GLOBAL PROPERTY "_PGRATCHET_PLAN_${name}")
  if("${name}" STREQUAL "" OR "${plan}" STREQUAL "")
    _pgratchet_fatal("${call}" "there is no pgratchet_add_migrations(${name}) before it"
      "a bundle is made of the migrations that the call of that name speaks of")
  endif()
  get_property(is_made GLOBAL PROPERTY "_PGRATCHET_BUNDLE_${name}")
  if(is_made)
    _pgratchet_fatal("${call}" "is called twice")
  endif()
  set_property(GLOBAL PROPERTY "_PGRATCHET_BUNDLE_${name}" TRUE)
  _pgratchet_bundle_version("${call}" "${arg_VERSION}" version)
  if(NOT DEFINED arg_CONTACT)
    set(arg_CONTACT "The maintainers of ${name} <root@localhost>")
  endif()
  foreach(property IN ITEMS CALL INPUTS NEWEST BASELINE_SCHEMA TARGET_PREFIX HAS_PROBES URL_VARIABLE)
    get_property(${property} GLOBAL PROPERTY "_PGRATCHET_${property}_${name}")
  endforeach()

  # What differs between builds of one source comes with the build, the rest from the scripts.
  set(modules "${CMAKE_CURRENT_FUNCTION_LIST_DIR}") # not CMAKE_CURRENT_LIST_DIR, which is the caller's here
  string(REPLACE "_" "-" package "${name}-migrations")
  set(settings "${CMAKE_BINARY_DIR}/pgratchet/${name}.cpack.cmake")
  file(CONFIGURE OUTPUT "${settings}.in" CONTENT [==[
# Written by pgratchet_add_bundle(@name@).
set(CPACK_GENERATOR TGZ DEB)
set(CPACK_PACKAGE_NAME [=[@package@]=])
set(CPACK_PACKAGE_CONTACT [=[@arg_CONTACT@]=])
set(CPACK_CMAKE_GENERATOR [=[@CMAKE_GENERATOR@]=])
set(CPACK_PACKAGE_DIRECTORY [=[@CMAKE_BINARY_DIR@]=])
set(CPACK_SYSTEM_NAME "@CMAKE_SYSTEM_NAME@-@CMAKE_SYSTEM_PROCESSOR@")
set(CPACK_PGRATCHET_NAME [=[@name@]=])
set(CPACK_PGRATCHET_PROJECT_VERSION [=[@version@]=])
set(CPACK_PGRATCHET_NEWEST [=[@NEWEST@]=])
set(CPACK_PGRATCHET_PLAN [=[@plan@]=])
set(CPACK_PGRATCHET_CALL [====[@CALL@]====])
set(CPACK_PGRATCHET_INPUTS [=[@INPUTS@]=])
set(CPACK_PGRATCHET_BASELINE_SCHEMA [=[@BASELINE_SCHEMA@]=])
set(CPACK_PGRATCHET_TARGET_PREFIX [=[@TARGET_PREFIX@]=])
set(CPACK_PGRATCHET_HAS_PROBES [=[@HAS_PROBES@]=])
set(CPACK_PGRATCHET_SOURCE_DIR [=[@CMAKE_SOURCE_DIR@]=])
set(CPACK_PGRATCHET_BUILD_DIR [=[@CMAKE_BINARY_DIR@]=])
set(CPACK_PGRATCHET_MODULES [=[@modules@]=])
set(CPACK_PGRATCHET_ENVIRONMENT [=[@PGRATCHET_ENVIRONMENT@]=])
set(CPACK_PGRATCHET_URL_VARIABLE [=[@URL_VARIABLE@]=])
set(CPACK_PGRATCHET_EXECUTOR [=[$<TARGET_FILE:PgRatchet::pgratchet>]=])
set(CPACK_PGRATCHET_PORTABLE "$<BOOL:$<TARGET_PROPERTY:PgRatchet::pgratchet,PGRATCHET_PORTABLE>>")
include([=[@modules@/bundle/cpack.cmake]=])
]==] @ONLY)
  file(GENERATE OUTPUT "${settings}" INPUT "${settings}.in")
  get_property(is_default GLOBAL PROPERTY _PGRATCHET_DEFAULT_BUNDLE)
  if(NOT is_default)
    set_property(GLOBAL PROPERTY _PGRATCHET_DEFAULT_BUNDLE "${settings}")
    cmake_language(EVAL CODE
      "cmake_language(DEFER DIRECTORY [==[${CMAKE_SOURCE_DIR}]==] CALL _pgratchet_write_default_cpack_config [==[${settings}]==])")
  endif()
endfunction()

# At the end of the top CMakeLists.txt, when it is known whether the project packs something itself.
function(_pgratchet_write_default_cpack_config settings)
  set(default "${CMAKE_BINARY_DIR}/CPackConfig.cmake")
  if(CPack_CMake_INCLUDED AND "${CPACK_OUTPUT_CONFIG_FILE}" STREQUAL "${default}")
    return()
  endif()
  file(CONFIGURE OUTPUT "${default}" CONTENT "include([=[@settings@]=])\n" @ONLY)
endfunction()

function(_pgratchet_bundle_version call given out)
  if(given STREQUAL "")
    set(given "${PROJECT_VERSION}")
  endif()
  if(given STREQUAL "")
    set(given 0)
  endif()
  if(NOT given MATCHES "^[0-9]+(\\.[0-9]+)*$")
    _pgratchet_fatal("${call}" "VERSION \"${given}\" is not made of numbers and dots")
  endif()
  set(${out} "${given}" PARENT_SCOPE)
endfunction()

# Remembers a call of pgratchet_add_migrations() for a bundle. ARGN are the words behind the name.
function(_pgratchet_remember_for_bundle name plan newest prefix baseline_schema has_probes)
  set_property(GLOBAL PROPERTY "_PGRATCHET_NEWEST_${name}" "${newest}")
  set_property(GLOBAL PROPERTY "_PGRATCHET_PLAN_${name}" "${plan}")
  set_property(GLOBAL PROPERTY "_PGRATCHET_TARGET_PREFIX_${name}" "${prefix}")
  set_property(GLOBAL PROPERTY "_PGRATCHET_BASELINE_SCHEMA_${name}" "${baseline_schema}")
  set_property(GLOBAL PROPERTY "_PGRATCHET_HAS_PROBES_${name}" "${has_probes}")
  # The folders are other ones in a bundle, and the list of migrations is not in it.
  set(words "")
  set(is_path FALSE)
  foreach(word IN LISTS ARGN)
    if(word MATCHES "^(DIRECTORY|PROBES|BASELINE_SCHEMA|LIST)$")
      set(is_path TRUE)
    elseif(is_path)
      set(is_path FALSE)
    else()
      list(APPEND words "${word}")
    endif()
  endforeach()
  set_property(GLOBAL PROPERTY "_PGRATCHET_CALL_${name}" "${words}")
endfunction()
