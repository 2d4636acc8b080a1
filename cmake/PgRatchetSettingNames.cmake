# SPDX-License-Identifier: Apache-2.0
#[=[.rst:
PgRatchetSettingNames
---------------------

The names of all variables that start with ``PGRATCHET_``, and what must not be among those of CMake's cache:

- A connection string under the name that a ``PGRATCHET_URL_VARIABLE`` gives. It belongs into the environment of the
  command; CMake would keep it in ``CMakeCache.txt``, and no target would read it.
- A ``PGRATCHET_...`` that nobody knows. Misspelt, ``PGRATCHET_EXPECT_DATABASE`` guards nothing. A project's own variable
  of such a name is declared, by ``option()`` or ``set(... CACHE ...)``. In a bundle, which has all that its project's
  presets set, only what is nearly the name of a setting is refused.
#]=]
include_guard(GLOBAL)

# ---- What there is (functions, as a variable would be unknown to the folders beside the one that includes this) -------

# Settings of an environment: declared and described in PgRatchetEnvironment.
function(_pgratchet_names_of_settings out)
  set(names ENVIRONMENT SERVER URL_VARIABLE LOCK_TIMEOUT WAIT_FOR BACKUP BACKUP_DIR BACKUP_JOBS SHADOW_URL_VARIABLE
    PROTECTED TLS EXPECT_DATABASE EXPECT_SYSTEM_IDENTIFIER RECEIPTS_DIR PG_BINDIR)
  list(TRANSFORM names PREPEND "PGRATCHET_")
  set(${out} "${names}" PARENT_SCOPE)
endfunction()

# What can stand behind the prefix of a call: PGRATCHET_CRM_URL_VARIABLE. See PgRatchetOwnSettings.
function(_pgratchet_names_of_own_settings out)
  set(${out} URL_VARIABLE EXPECT_DATABASE EXPECT_SYSTEM_IDENTIFIER BACKUP_DIR PARENT_SCOPE)
endfunction()

# Of a build of pgratchet itself, and PGRATCHET_ROOT, at which find_package looks from CMake 3.27 on. Declared in some
# builds only; the same presets serve the others.
function(_pgratchet_names_for_builders out)
  set(names CCACHE DEVELOPER_MODE FUZZ FUZZ_SECONDS INSTALL PORTABLE ROOT SANITIZE SHLIBDEPS TEST_ROOTS TEST_SERVERS)
  list(TRANSFORM names PREPEND "PGRATCHET_")
  set(${out} "${names}" PARENT_SCOPE)
endfunction()

# Read from the environment when a target, cpack or the executor runs, and no variables of CMake's.
function(_pgratchet_names_in_the_environment out)
  set(names DESCRIPTION RESTORE_CONFIRM RESTORE_FROM SIGNING_KEY SOURCE_REVISION TRUSTED_KEY)
  list(TRANSFORM names PREPEND "PGRATCHET_")
  set(${out} "${names}" PARENT_SCOPE)
endfunction()

# ---- What must not be there -------------------------------------------------------------------------------------------

# No connection string may be a variable of CMake's. Called before anything else is looked at, as every error ends the
# configuration and then the cache is written; for the settings of all calls, not only of this one.
function(_pgratchet_refuse_connection_strings call)
  get_cmake_property(_pgratchet_variables VARIABLES)
  list(FILTER _pgratchet_variables INCLUDE REGEX "^PGRATCHET_([A-Z0-9_]+_)?URL_VARIABLE$")
  set(_pgratchet_found "")
  set(_pgratchet_found_by "")
  foreach(_pgratchet_setting IN LISTS _pgratchet_variables)
    set(_pgratchet_name "${${_pgratchet_setting}}")
    if(_pgratchet_name MATCHES "^[A-Za-z_][A-Za-z0-9_]*$" AND DEFINED ${_pgratchet_name})
      unset(${_pgratchet_name} CACHE)
      set(_pgratchet_found "${_pgratchet_name}")
      set(_pgratchet_found_by "${_pgratchet_setting}")
    endif()
  endforeach()
  if(_pgratchet_found)
    _pgratchet_fatal("${call}"
      "${_pgratchet_found}, the name in ${_pgratchet_found_by}, is a variable of CMake's; what it holds is not shown, and was taken out of the cache"
      "a connection string belongs into the environment in which targets and tests run, as a variable of the shell; CMake needs only its name")
  endif()
endfunction()

# Has the cache looked through at the end of the top CMakeLists.txt, when all prefixes and all that is declared are known.
# <own_start> is what the settings of the call's own start with, or empty; <plan> is its PLAN, which only a bundle has.
function(_pgratchet_check_names_at_the_end own_start plan)
  set_property(GLOBAL APPEND PROPERTY _PGRATCHET_OWN_STARTS ${own_start})
  if("${plan}" STREQUAL "")
    set_property(GLOBAL PROPERTY _PGRATCHET_IS_NO_BUNDLE TRUE)
  endif()
  get_property(is_asked GLOBAL PROPERTY _PGRATCHET_NAMES_ARE_CHECKED)
  if(NOT is_asked)
    set_property(GLOBAL PROPERTY _PGRATCHET_NAMES_ARE_CHECKED TRUE)
    cmake_language(EVAL CODE "cmake_language(DEFER DIRECTORY [==[${CMAKE_SOURCE_DIR}]==] CALL _pgratchet_check_names)")
  endif()
endfunction()

function(_pgratchet_check_names)
  _pgratchet_names_of_settings(known)
  _pgratchet_names_of_own_settings(own)
  get_property(starts GLOBAL PROPERTY _PGRATCHET_OWN_STARTS)
  foreach(start IN LISTS starts)
    list(TRANSFORM own PREPEND "${start}_" OUTPUT_VARIABLE names)
    list(APPEND known ${names})
  endforeach()
  _pgratchet_names_for_builders(for_builders)
  _pgratchet_names_in_the_environment(in_the_environment)
  get_property(is_no_bundle GLOBAL PROPERTY _PGRATCHET_IS_NO_BUNDLE)
  list(JOIN own "|" own)

  _pgratchet_undeclared_names(names)
  list(REMOVE_ITEM names ${known} ${for_builders})
  set(complaints "")
  foreach(name IN LISTS names)
    _pgratchet_nearest_name("${name}" near ${known} ${for_builders})
    if(name IN_LIST in_the_environment)
      set(hint "is no variable of CMake's: set it in the environment of the command that is to read it")
    elseif(is_no_bundle OR (near AND NOT name MATCHES "^PGRATCHET_[A-Z0-9_]+_(${own})$"))
      set(hint "is no setting")
      if("${${name}}" MATCHES "://|=")
        string(APPEND hint "; a connection string belongs into the environment, under the name that PGRATCHET_URL_VARIABLE gives")
      elseif(near)
        string(APPEND hint "; did you mean ${near}?")
      endif()
    else()
      continue()
    endif()
    # Corrected, it would still be in the cache.
    unset(${name} CACHE)
    string(APPEND complaints "\n  ${name} ${hint}")
  endforeach()
  if(complaints)
    _pgratchet_fatal(pgratchet "a variable in CMake's cache would have no effect, and was taken out of it${complaints}"
      "docs/reference/cmake.md of pgratchet's source has all settings; a variable of the project's own is declared by option() or set(... CACHE ...)")
  endif()
endfunction()

# The variables that were set by -D or a preset, and by nobody declared: they have no type. A preset's true and false have
# one from the start; option() describes such an entry.
function(_pgratchet_undeclared_names out)
  get_cmake_property(names CACHE_VARIABLES)
  list(FILTER names INCLUDE REGEX "^PGRATCHET_")
  set(found "")
  foreach(name IN LISTS names)
    get_property(type CACHE "${name}" PROPERTY TYPE)
    get_property(help CACHE "${name}" PROPERTY HELPSTRING)
    if(type STREQUAL "UNINITIALIZED" OR (type STREQUAL "BOOL" AND help MATCHES "^No help, variable specified"))
      list(APPEND found "${name}")
    endif()
  endforeach()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

# The one of the names ARGN that <name> may have been meant to be, or nothing. Between what is the same at the start and at
# the end of both, neither has more than three letters, nor more than half of what stands behind PGRATCHET_.
function(_pgratchet_nearest_name name out)
  set(nearest "")
  set(fewest 4)
  foreach(known IN LISTS ARGN)
    string(LENGTH "${name}" left)
    string(LENGTH "${known}" known_left)
    math(EXPR limit "(${known_left} - 9) / 2") # rounded up: PGRATCHET_ are ten
    set(start 0)
    while(left GREATER start AND known_left GREATER start)
      string(SUBSTRING "${name}" ${start} 1 letter)
      string(SUBSTRING "${known}" ${start} 1 known_letter)
      if(NOT letter STREQUAL known_letter)
        break()
      endif()
      math(EXPR start "${start} + 1")
    endwhile()
    while(left GREATER start AND known_left GREATER start)
      math(EXPR last "${left} - 1")
      math(EXPR known_last "${known_left} - 1")
      string(SUBSTRING "${name}" ${last} 1 letter)
      string(SUBSTRING "${known}" ${known_last} 1 known_letter)
      if(NOT letter STREQUAL known_letter)
        break()
      endif()
      set(left ${last})
      set(known_left ${known_last})
    endwhile()
    if(known_left GREATER left)
      set(left ${known_left})
    endif()
    math(EXPR different "${left} - ${start}")
    if(different LESS fewest AND NOT different GREATER limit)
      set(nearest "${known}")
      set(fewest ${different})
    endif()
  endforeach()
  set(${out} "${nearest}" PARENT_SCOPE)
endfunction()
