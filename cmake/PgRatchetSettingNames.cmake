# SPDX-License-Identifier: Apache-2.0
#[=[.rst:
PgRatchetSettingNames
---------------------

The names of all variables that start with ``PGRATCHET_``, and what must not be among CMake's: a connection string under
the name that a ``PGRATCHET_URL_VARIABLE`` gives. It belongs into the environment of the command; CMake would keep it in
``CMakeCache.txt``, and no target would read it.
#]=]
include_guard(GLOBAL)

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
