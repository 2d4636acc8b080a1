# SPDX-License-Identifier: Apache-2.0
#[=[.rst:
PgRatchetOwnSettings
--------------------

Two databases of one project are two on a real server, too. A call with ``TARGET_PREFIX crm`` looks for these before it
takes the general ones (:module:`PgRatchetEnvironment`); the prefix stands in upper case, with ``_`` for what is neither
letter nor digit:

``PGRATCHET_CRM_URL_VARIABLE``
  The name of the variable with the connection string of its database.

``PGRATCHET_CRM_EXPECT_DATABASE``, ``PGRATCHET_CRM_EXPECT_SYSTEM_IDENTIFIER``
  The database and the server that this must lead to. With a ``PGRATCHET_CRM_URL_VARIABLE`` the general
  ``PGRATCHET_EXPECT_DATABASE`` is not asked of it: that is the name of another one.

``PGRATCHET_CRM_BACKUP_DIR``
  Its folder for backups.

Two calls that come to the same ``PGRATCHET_URL_VARIABLE`` are refused, unless a ``PGRATCHET_<PREFIX>_URL_VARIABLE`` of
one of them says that it is meant.
#]=]
include_guard(GLOBAL)

# What the settings of a call of its own start with: "PGRATCHET_CRM". Nothing without a TARGET_PREFIX.
function(_pgratchet_own_start call prefix out)
  set(${out} "" PARENT_SCOPE)
  if("${prefix}" STREQUAL "")
    return()
  endif()
  string(TOUPPER "${prefix}" own)
  string(REGEX REPLACE "[^A-Z0-9]" "_" own "${own}")
  if(own STREQUAL "SHADOW")
    _pgratchet_fatal("${call}" "TARGET_PREFIX \"${prefix}\" would make PGRATCHET_SHADOW_URL_VARIABLE mean two things"
      "it names the server on which plans are compiled; choose another prefix")
  endif()
  set(${out} "PGRATCHET_${own}" PARENT_SCOPE)
endfunction()

# Puts the settings of its own before the general ones, for the function of the call and those that it calls: an
# ordinary variable hides the one in the cache, which other calls read.
function(_pgratchet_take_own_settings call start)
  if("${start}" STREQUAL "")
    return()
  endif()
  _pgratchet_check_variable_name("${call}" ${start}_URL_VARIABLE)
  _pgratchet_check_database_name("${call}" ${start}_EXPECT_DATABASE)
  _pgratchet_check_system_identifier("${call}" ${start}_EXPECT_SYSTEM_IDENTIFIER)
  _pgratchet_check_backup_dir("${call}" ${start}_BACKUP_DIR)
  _pgratchet_names_of_own_settings(own)
  foreach(setting IN LISTS own)
    if(NOT "${${start}_${setting}}" STREQUAL "")
      set(PGRATCHET_${setting} "${${start}_${setting}}" PARENT_SCOPE)
    endif()
  endforeach()
  # The name that the general guard expects is that of one database, and this is another one.
  if(NOT "${${start}_URL_VARIABLE}" STREQUAL "" AND "${${start}_EXPECT_DATABASE}" STREQUAL "")
    set(PGRATCHET_EXPECT_DATABASE "" PARENT_SCOPE)
  endif()
endfunction()

# Two histories in one database may be meant, and mostly are a setting that was forgotten: the migrations of one call
# would run in the database of the other. Whoever means it says so with a setting of the call's own.
function(_pgratchet_claim_database call start)
  if("${PGRATCHET_URL_VARIABLE}" STREQUAL "")
    return()
  endif()
  set(is_meant FALSE)
  if(NOT "${start}" STREQUAL "" AND NOT "${${start}_URL_VARIABLE}" STREQUAL "")
    set(is_meant TRUE)
  endif()
  set(key "_PGRATCHET_DATABASE_${PGRATCHET_URL_VARIABLE}")
  get_property(owner GLOBAL PROPERTY "${key}")
  get_property(owner_start GLOBAL PROPERTY "${key}_START")
  get_property(owner_means_it GLOBAL PROPERTY "${key}_IS_MEANT")
  if(owner AND NOT is_meant AND NOT owner_means_it)
    if("${start}" STREQUAL "")
      set(start "${owner_start}")
    endif()
    _pgratchet_fatal("${call}" "works on the database of ${PGRATCHET_URL_VARIABLE}, as does ${owner}"
      "${start}_URL_VARIABLE names the variable with the connection string of a database of its own; set it to ${PGRATCHET_URL_VARIABLE} if both are to be in one database")
  endif()
  set_property(GLOBAL PROPERTY "${key}" "${call}")
  set_property(GLOBAL PROPERTY "${key}_START" "${start}")
  set_property(GLOBAL PROPERTY "${key}_IS_MEANT" "${is_meant}")
endfunction()
