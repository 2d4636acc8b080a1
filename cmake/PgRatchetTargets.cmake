# SPDX-License-Identifier: Apache-2.0
#[=[.rst:
PgRatchetTargets
----------------

The targets that act on the environment. All of them use the terminal: progress is seen while it happens, and
Ctrl-C reaches the executor, whose last words about the rollback are then not lost. SIGTERM to ``cmake --build`` does
not: cmake waits for ninja or make, and tells them nothing. Therefore each is called with ``--end-with-build``: the
executor looks how the build that runs it is, and ends with it.

``restore_<env>`` takes the backup and the confirmation from two variables of the environment when it runs,
``PGRATCHET_RESTORE_FROM`` and ``PGRATCHET_RESTORE_CONFIRM``: a target takes no arguments, and what stands in the cache
would confirm the next restore, too. The executor refuses without a confirmation that is the environment's name.

They depend on the target ``schema_plan``, not on the plan's file: with 1,000 migrations the Makefile generator
would take seven times as long to write the latter down.
#]=]
include_guard(GLOBAL)

function(_pgratchet_add_executor_target target comment)
  add_custom_target(${target}
    COMMAND PgRatchet::pgratchet ${ARGN}
    COMMENT "${comment}"
    USES_TERMINAL
    VERBATIM)
endfunction()

# The executor's arguments for where a rehearsal is: where the plan is compiled.
function(_pgratchet_rehearse_arguments out)
  if(NOT "${PGRATCHET_SHADOW_URL_VARIABLE}" STREQUAL "")
    set(arguments --shadow-url-variable "${PGRATCHET_SHADOW_URL_VARIABLE}")
  else()
    set(arguments --data-dir "${CMAKE_BINARY_DIR}/pgratchet/shadow")
  endif()
  if(NOT "${PGRATCHET_BACKUP_JOBS}" STREQUAL "")
    list(APPEND arguments --restore-jobs "${PGRATCHET_BACKUP_JOBS}")
  endif()
  if(NOT "${PGRATCHET_RECEIPTS_DIR}" STREQUAL "")
    list(APPEND arguments --receipts-dir "${PGRATCHET_RECEIPTS_DIR}")
  endif()
  set(${out} "${arguments}" PARENT_SCOPE)
endfunction()

# <prefix> is empty or ends with an underscore; <connection> and <server> are the executor's arguments,
# <server> an empty list unless the environment has a local server. ARGN are the versions.
function(_pgratchet_add_environment_targets prefix plan connection server)
  set(environment "${PGRATCHET_ENVIRONMENT}")
  set(apply apply --plan "${plan}" ${connection})
  if(NOT "${PGRATCHET_LOCK_TIMEOUT}" STREQUAL "")
    list(APPEND apply --lock-timeout "${PGRATCHET_LOCK_TIMEOUT}")
  endif()

  if("${PGRATCHET_BACKUP}" STREQUAL "REQUIRED")
    _pgratchet_backup_arguments(backup- how)
    list(APPEND apply --backup required ${how})
  endif()
  set(history status --history --plan "${plan}" --environment "${environment}")
  set(receipts "")
  if(NOT "${PGRATCHET_RECEIPTS_DIR}" STREQUAL "")
    set(receipts --receipts-dir "${PGRATCHET_RECEIPTS_DIR}")
  endif()
  list(APPEND apply ${receipts})
  list(APPEND history ${receipts})

  foreach(version IN LISTS ARGN)
    _pgratchet_add_executor_target(${prefix}migrate_${version}
      "Bringing ${environment} up to migration ${version}" ${apply} --to ${version})
    add_dependencies(${prefix}migrate_${version} ${prefix}schema_plan)
  endforeach()

  _pgratchet_add_executor_target(${prefix}migrate_all "Bringing ${environment} up to the newest migration" ${apply})
  _pgratchet_add_executor_target(${prefix}migrate_dry_run
    "Playing the next migration on ${environment}, and rolling it back" ${apply} --dry-run)
  _pgratchet_add_executor_target(${prefix}migrate_status
    "Asking ${environment} where it stands" status --plan "${plan}" ${connection})
  _pgratchet_add_executor_target(${prefix}migrate_history "What was done to ${environment}" ${history})
  _pgratchet_backup_arguments("" how)
  _pgratchet_add_executor_target(${prefix}backup_${environment}
    "Making a backup of ${environment}" backup --plan "${plan}" ${connection} ${how} ${receipts})
  _pgratchet_restore_arguments(how)
  _pgratchet_add_executor_target(${prefix}restore_${environment}
    "Restoring ${environment}" restore --plan "${plan}" ${connection} ${how})
  _pgratchet_backup_arguments("" how)
  _pgratchet_rehearse_arguments(where)
  _pgratchet_add_executor_target(${prefix}rehearse_${environment}
    "Rehearsing on a copy what is pending on ${environment}" rehearse --plan "${plan}" ${connection} ${how} ${where})
  foreach(target IN ITEMS migrate_all migrate_dry_run migrate_status backup_${environment} restore_${environment}
      rehearse_${environment})
    add_dependencies(${prefix}${target} ${prefix}schema_plan)
  endforeach()

  if(server)
    _pgratchet_add_executor_target(${prefix}server_start
      "Starting the local server of ${environment}" server start ${server})
    _pgratchet_add_executor_target(${prefix}server_stop
      "Stopping the local server of ${environment}" server stop ${server})
  endif()
endfunction()

# The names of the targets that the function above and schema_plan make.
function(_pgratchet_target_names prefix server out)
  set(names schema_plan migrate_all migrate_dry_run migrate_history migrate_status backup_${PGRATCHET_ENVIRONMENT}
    rehearse_${PGRATCHET_ENVIRONMENT} restore_${PGRATCHET_ENVIRONMENT})
  foreach(version IN LISTS ARGN)
    list(APPEND names migrate_${version})
  endforeach()
  if(server)
    list(APPEND names server_start server_stop)
  endif()
  list(TRANSFORM names PREPEND "${prefix}")
  set(${out} "${names}" PARENT_SCOPE)
endfunction()
