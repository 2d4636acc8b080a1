# SPDX-License-Identifier: Apache-2.0
#[=[.rst:
PgRatchetEnvironment
--------------------

One build folder is one environment. Which one, and how to reach it, stands in cache variables that a preset sets:

``PGRATCHET_ENVIRONMENT``
  Its name in messages and receipts. ``dev`` if nothing at all is set, or only ``PGRATCHET_SERVER``.

``PGRATCHET_URL_VARIABLE``
  The *name* of the variable that holds the connection string when a target or test runs. The string itself
  never stands in CMake's cache: neither here nor under that name. It is refused, removed and not shown.

``PGRATCHET_SERVER``
  ``local``: a private server in the build folder, in place of a connection string. The default if nothing is set.

``PGRATCHET_LOCK_TIMEOUT``
  How long a migration's statement waits for a lock: ``500ms``, ``5s``, ``2min``. Empty: the executor's default.

``PGRATCHET_WAIT_FOR``
  How long to wait for a server that is away or still starting, likewise. Empty: not at all.

``PGRATCHET_BACKUP``
  ``REQUIRED``: when a migration is pending, ``migrate_NNN`` and ``migrate_all`` make a backup first, and start
  nothing if that fails. ``NEVER`` or empty: they make none. The target ``backup_<env>`` is there in any case.

``PGRATCHET_BACKUP_DIR``
  The folder for backups, absolute, and not in the build folder, which is made to be thrown away. Empty: the
  executor keeps them beside the environment's receipts.

``PGRATCHET_BACKUP_JOBS``
  How many tables are dumped at a time. A number makes each backup a folder with a file for each table; empty: it
  is one file. ``restore_<env>`` restores by as many connections.

``PGRATCHET_RESTORE_FROM``, ``PGRATCHET_RESTORE_CONFIRM``
  Not of CMake: the target ``restore_<env>`` reads them from its environment when it runs. Setting one of them here is
  an error, as it would be without effect.

``PGRATCHET_SHADOW_URL_VARIABLE``
  The name of a variable with the connection string of a server on which the plan is compiled, and ``rehearse_<env>``
  rehearses, when the installed PostgreSQL will not do. Empty: a private server in the build folder.

``PGRATCHET_PG_BINDIR``
  The folder with ``initdb`` and ``pg_ctl``; ``pg_dump`` is looked for there too. Empty: the executor looks for them.

``PGRATCHET_PROTECTED``
  ``ON``: somebody's work depends on this environment, as on production. The executor then warns of a connection to
  another machine without ``sslmode=verify-full``, and of a superuser who migrates. ``OFF`` if not set.

``PGRATCHET_TLS``
  What is asked of such a connection: ``warn``, ``require`` (it is refused before anything is sent) or ``off``. Empty:
  ``warn`` where ``PGRATCHET_PROTECTED`` is on, else ``off``. Unix sockets and loopback addresses are not asked.

``PGRATCHET_EXPECT_DATABASE``
  The name of the database that the connection string must lead to. Any other is refused.

``PGRATCHET_EXPECT_SYSTEM_IDENTIFIER``
  The server that it must lead to, and its standbys: the number that
  ``SELECT system_identifier FROM pg_control_system()`` gives there. Any other is refused. These two are not asked of a
  local server.

``PGRATCHET_RECEIPTS_DIR``
  The folder in which receipts are kept. Empty: ``$XDG_STATE_HOME/pgratchet`` or ``~/.local/state/pgratchet``, outside
  of any build folder.

Some of them a call with a ``TARGET_PREFIX`` can have of its own: :module:`PgRatchetOwnSettings`.

Configuring reads no other variable, contacts no database and needs no secret.
#]=]
include_guard(GLOBAL)

# Cache entries for what is not set yet, so that they show up in cmake-gui and `cmake -L`.
# Not at include time: a project may set ordinary variables between find_package and the call.
function(_pgratchet_declare_settings)
  # A folder that was configured for another environment before, by default: what nobody has chosen does not stay.
  set(help "local: a private server in the build folder")
  get_property(server_help CACHE PGRATCHET_SERVER PROPERTY HELPSTRING)
  if("${server_help}" STREQUAL "${help} (by default)" AND NOT "${PGRATCHET_ENVIRONMENT}" STREQUAL "dev")
    unset(PGRATCHET_SERVER CACHE)
  endif()
  set(server "")
  if(NOT DEFINED PGRATCHET_ENVIRONMENT AND "${PGRATCHET_URL_VARIABLE}" STREQUAL "")
    if(NOT DEFINED PGRATCHET_SERVER)
      set(server local)
      string(APPEND help " (by default)")
    endif()
    set(PGRATCHET_ENVIRONMENT dev CACHE STRING "The environment of this build folder")
  endif()
  set(PGRATCHET_SERVER "${server}" CACHE STRING "${help}")
  set(PGRATCHET_URL_VARIABLE "" CACHE STRING "Name of the variable that holds the connection string")
  set(PGRATCHET_LOCK_TIMEOUT "" CACHE STRING "How long a statement waits for a lock, such as 5s")
  set(PGRATCHET_WAIT_FOR "" CACHE STRING "How long to wait for a server that is away, such as 30s")
  set(PGRATCHET_BACKUP "" CACHE STRING "REQUIRED: no migration without a backup before it; or NEVER")
  set(PGRATCHET_BACKUP_DIR "" CACHE PATH "The folder for backups, outside the build folder")
  set(PGRATCHET_BACKUP_JOBS "" CACHE STRING "How many tables are dumped at a time, each into a file of its own")
  set(PGRATCHET_SHADOW_URL_VARIABLE "" CACHE STRING "Name of the variable with the shadow server's connection string")
  option(PGRATCHET_PROTECTED "Somebody's work depends on this environment" OFF)
  set(PGRATCHET_TLS "" CACHE STRING "To another machine without sslmode=verify-full: warn, require or off")
  set(PGRATCHET_EXPECT_DATABASE "" CACHE STRING "The only database that may be worked on")
  set(PGRATCHET_EXPECT_SYSTEM_IDENTIFIER "" CACHE STRING "The only server that may be worked on")
  set(PGRATCHET_RECEIPTS_DIR "" CACHE PATH "The folder for receipts")
  set(PGRATCHET_PG_BINDIR "" CACHE PATH "The folder with initdb and pg_ctl")
endfunction()

# The value of <setting> must be the name of a variable. Anything else may be the secret itself: it is not shown,
# and it leaves the cache before the cache is written.
function(_pgratchet_check_variable_name call setting)
  if("${${setting}}" MATCHES "^([A-Za-z_][A-Za-z0-9_]*)?$")
    return()
  endif()
  unset(${setting} CACHE)
  _pgratchet_fatal("${call}"
    "${setting} is not the name of a variable; what it holds is not shown here, as it may be a connection string"
    "put the connection string into a variable of your shell, and that variable's name into ${setting}")
endfunction()

# Checks how and where backups are made.
function(_pgratchet_check_backup call)
  if(NOT "${PGRATCHET_BACKUP}" MATCHES "^(REQUIRED|NEVER)?$")
    _pgratchet_fatal("${call}" "PGRATCHET_BACKUP \"${PGRATCHET_BACKUP}\" is neither REQUIRED nor NEVER")
  endif()
  if(NOT "${PGRATCHET_BACKUP_JOBS}" MATCHES "^([1-9][0-9]?)?$")
    _pgratchet_fatal("${call}" "PGRATCHET_BACKUP_JOBS \"${PGRATCHET_BACKUP_JOBS}\" is no number from 1 to 99")
  endif()
  _pgratchet_check_backup_dir("${call}" PGRATCHET_BACKUP_DIR)
endfunction()

function(_pgratchet_check_backup_dir call setting)
  if("${${setting}}" STREQUAL "")
    return()
  endif()
  cmake_path(IS_ABSOLUTE ${setting} absolute)
  if(NOT absolute)
    _pgratchet_fatal("${call}" "${setting} \"${${setting}}\" is not an absolute path"
      "in a preset, \${sourceDir} stands for the project's folder")
  endif()
  cmake_path(NORMAL_PATH ${setting} OUTPUT_VARIABLE folder)
  cmake_path(IS_PREFIX CMAKE_BINARY_DIR "${folder}" inside)
  if(inside)
    _pgratchet_fatal("${call}" "${setting} \"${${setting}}\" is in the build folder"
      "a build folder is made to be thrown away; name a folder that stays")
  endif()
endfunction()

# The executor's arguments that say how backups are made; <prefix> stands before those that apply names otherwise.
function(_pgratchet_backup_arguments prefix out)
  set(arguments "")
  if(NOT "${PGRATCHET_BACKUP_DIR}" STREQUAL "")
    list(APPEND arguments --backup-dir "${PGRATCHET_BACKUP_DIR}")
  endif()
  if(NOT "${PGRATCHET_BACKUP_JOBS}" STREQUAL "")
    list(APPEND arguments --${prefix}format directory --${prefix}jobs "${PGRATCHET_BACKUP_JOBS}")
  endif()
  set(${out} "${arguments}" PARENT_SCOPE)
endfunction()

# The executor's arguments for a restore.
function(_pgratchet_restore_arguments out)
  set(arguments --from-variable PGRATCHET_RESTORE_FROM --confirm-variable PGRATCHET_RESTORE_CONFIRM)
  if(NOT "${PGRATCHET_BACKUP_JOBS}" STREQUAL "")
    list(APPEND arguments --jobs "${PGRATCHET_BACKUP_JOBS}")
  endif()
  if(NOT "${PGRATCHET_RECEIPTS_DIR}" STREQUAL "")
    list(APPEND arguments --receipts-dir "${PGRATCHET_RECEIPTS_DIR}")
  endif()
  set(${out} "${arguments}" PARENT_SCOPE)
endfunction()

# What a restore asks for belongs to the moment, not to the build folder.
function(_pgratchet_check_restore call)
  foreach(setting IN ITEMS PGRATCHET_RESTORE_FROM PGRATCHET_RESTORE_CONFIRM)
    if(DEFINED ${setting})
      unset(${setting} CACHE)
      _pgratchet_fatal("${call}" "${setting} is no variable of CMake's, and would have no effect"
        "set it in the environment of the build: ${setting}=... cmake --build . --target restore_${PGRATCHET_ENVIRONMENT}")
    endif()
  endforeach()
endfunction()

function(_pgratchet_check_database_name call setting)
  if("${${setting}}" MATCHES "://|=")
    unset(${setting} CACHE)
    _pgratchet_fatal("${call}" "${setting} is not the name of a database"
      "what it holds is not shown, in case it is a connection string")
  endif()
endfunction()

function(_pgratchet_check_system_identifier call setting)
  if(NOT "${${setting}}" MATCHES "^[0-9]*$")
    unset(${setting} CACHE)
    _pgratchet_fatal("${call}" "${setting} is no number"
      "ask the server: SELECT system_identifier FROM pg_control_system()")
  endif()
endfunction()

# The executor's arguments for what makes sure that it is the right database.
function(_pgratchet_read_guards call out)
  if(NOT PGRATCHET_TLS MATCHES "^(warn|require|off)?$")
    _pgratchet_fatal("${call}" "PGRATCHET_TLS \"${PGRATCHET_TLS}\" is none of warn, require and off")
  endif()
  _pgratchet_check_database_name("${call}" PGRATCHET_EXPECT_DATABASE)
  _pgratchet_check_system_identifier("${call}" PGRATCHET_EXPECT_SYSTEM_IDENTIFIER)
  if(NOT "${PGRATCHET_PROTECTED}" MATCHES "^(ON|OFF|TRUE|FALSE|YES|NO|1|0|on|off|true|false|yes|no)?$")
    _pgratchet_fatal("${call}" "PGRATCHET_PROTECTED \"${PGRATCHET_PROTECTED}\" is neither ON nor OFF")
  endif()
  set(guards "")
  if(PGRATCHET_PROTECTED)
    list(APPEND guards --protected)
  endif()
  if(NOT PGRATCHET_TLS STREQUAL "")
    list(APPEND guards --tls "${PGRATCHET_TLS}")
  endif()
  if(NOT PGRATCHET_EXPECT_DATABASE STREQUAL "")
    list(APPEND guards --expect-database "${PGRATCHET_EXPECT_DATABASE}")
  endif()
  if(NOT PGRATCHET_EXPECT_SYSTEM_IDENTIFIER STREQUAL "")
    list(APPEND guards --expect-system-identifier "${PGRATCHET_EXPECT_SYSTEM_IDENTIFIER}")
  endif()
  set(${out} "${guards}" PARENT_SCOPE)
endfunction()

# Checks all settings, and sets <out_connection> to the executor's arguments for the database <database>,
# <out_compile> to those for the shadow, and <out_server> to those of a local server, or to an empty list.
function(_pgratchet_read_environment call database out_connection out_compile out_server)
  foreach(setting IN ITEMS PGRATCHET_URL_VARIABLE PGRATCHET_SHADOW_URL_VARIABLE)
    _pgratchet_check_variable_name("${call}" ${setting})
  endforeach()

  if("${PGRATCHET_ENVIRONMENT}" STREQUAL "")
    _pgratchet_fatal("${call}" "PGRATCHET_ENVIRONMENT is not set"
      "set it to what this build folder is for: dev, staging, prod")
  elseif(NOT PGRATCHET_ENVIRONMENT MATCHES "^[A-Za-z][A-Za-z0-9_-]*$")
    # A connection string in the wrong variable must not be printed or kept either.
    unset(PGRATCHET_ENVIRONMENT CACHE)
    _pgratchet_fatal("${call}" "PGRATCHET_ENVIRONMENT is not a name made of letters, digits, - and _"
      "what it holds is not shown, in case it is a connection string")
  endif()
  if(NOT "${PGRATCHET_SERVER}" MATCHES "^(local)?$")
    unset(PGRATCHET_SERVER CACHE)
    _pgratchet_fatal("${call}" "PGRATCHET_SERVER can only be \"local\""
      "for any other server, PGRATCHET_URL_VARIABLE names the variable that holds its connection string")
  endif()

  if(PGRATCHET_SERVER AND NOT PGRATCHET_URL_VARIABLE STREQUAL "")
    _pgratchet_fatal("${call}"
      "the environment ${PGRATCHET_ENVIRONMENT} has both PGRATCHET_SERVER=local and PGRATCHET_URL_VARIABLE=${PGRATCHET_URL_VARIABLE}"
      "keep one of them; -U PGRATCHET_SERVER takes the other out of the cache")
  elseif(NOT PGRATCHET_SERVER AND PGRATCHET_URL_VARIABLE STREQUAL "")
    _pgratchet_fatal("${call}"
      "the environment ${PGRATCHET_ENVIRONMENT} has neither PGRATCHET_URL_VARIABLE nor PGRATCHET_SERVER=local"
      "set PGRATCHET_URL_VARIABLE to the name of the variable that holds the connection string")
  endif()
  foreach(setting IN ITEMS PGRATCHET_LOCK_TIMEOUT PGRATCHET_WAIT_FOR)
    if(NOT "${${setting}}" MATCHES "^([1-9][0-9]*(ms|s|min))?$")
      _pgratchet_fatal("${call}" "${setting} \"${${setting}}\" is no time"
        "it is a number above zero with its unit: 500ms, 5s, 2min")
    endif()
  endforeach()

  _pgratchet_check_backup("${call}")
  _pgratchet_check_restore("${call}")
  _pgratchet_read_guards("${call}" guards)
  if(NOT PGRATCHET_RECEIPTS_DIR STREQUAL "" AND NOT IS_ABSOLUTE "${PGRATCHET_RECEIPTS_DIR}")
    _pgratchet_fatal("${call}" "PGRATCHET_RECEIPTS_DIR \"${PGRATCHET_RECEIPTS_DIR}\" is no absolute path"
      "targets run in several folders")
  endif()

  set(bindir "")
  if(NOT PGRATCHET_PG_BINDIR STREQUAL "")
    _pgratchet_existing_directory("${call}" PGRATCHET_PG_BINDIR "${PGRATCHET_PG_BINDIR}" path)
    set(bindir --pg-bindir "${path}")
  endif()

  set(connection --end-with-build --environment "${PGRATCHET_ENVIRONMENT}")
  set(server "")
  if(PGRATCHET_SERVER)
    set(folder "${CMAKE_BINARY_DIR}/pgratchet/server")
    list(APPEND connection --local "${folder}" --database "${database}" ${bindir})
    set(server --data-dir "${folder}" --database "${database}" ${bindir})
  else()
    list(APPEND connection --url-variable "${PGRATCHET_URL_VARIABLE}" ${bindir} ${guards})
    if(NOT PGRATCHET_WAIT_FOR STREQUAL "")
      list(APPEND connection --wait-for "${PGRATCHET_WAIT_FOR}")
    endif()
  endif()
  if(PGRATCHET_SHADOW_URL_VARIABLE STREQUAL "")
    set(compile --data-dir "${CMAKE_BINARY_DIR}/pgratchet/shadow" ${bindir})
  else()
    set(compile --shadow-url-variable "${PGRATCHET_SHADOW_URL_VARIABLE}")
  endif()
  set(${out_connection} "${connection}" PARENT_SCOPE)
  set(${out_compile} "${compile}" PARENT_SCOPE)
  set(${out_server} "${server}" PARENT_SCOPE)
endfunction()
