# SPDX-License-Identifier: Apache-2.0
#[=[.rst:
PgRatchetAddMigrations
----------------------

Turns a folder of migrations into build targets and CTest tests.

.. command:: pgratchet_add_migrations

  .. code-block:: cmake

    pgratchet_add_migrations(<name>
      DIRECTORY <folder>
      [PROBES <folder>]
      [RUNTIME_ROLE <role>]
      [RUNTIME_PRIVILEGES <privilege,...>]
      [ROLES <role>...]
      [BASELINE <version>]
      [BASELINE_SCHEMA <file>]
      [SEARCH_PATH <list>]
      [IGNORE <kind|identity|attribute|reason>...]
      [JOB_MANAGED_PARTITIONS <table>...]
      [WARNINGS_AS_ERRORS ALL | <warning>...]
      [DISABLED_WARNINGS <warning>...]
      [ENABLED_WARNINGS <warning>...]
      [TARGET_PREFIX <prefix>]
      [LIST <file>]
      [PLAN <file>])

  ``<name>``
    Names the plan, and the database on a local server: a letter, then letters, digits and ``_``, all lower case.

  ``DIRECTORY``
    The folder with the files ``NNN_description.sql``. Relative to the calling ``CMakeLists.txt``, as all paths here.

  ``PROBES``
    A folder with hand-written checks of the schema, one to a file ``NNN_name.sql``, where NNN is the version that
    the probe speaks for. Each becomes a test.

  ``RUNTIME_ROLE``
    The role under which the application works. It is treated as one of ``ROLES``, and the test
    ``schema.privileges`` looks at its rights.

  ``RUNTIME_PRIVILEGES``
    What that role needs on every table, in one argument with commas between: any of ``SELECT``, ``INSERT``, ``UPDATE``, ``DELETE``, ``TRUNCATE``,
    ``REFERENCES`` and ``TRIGGER``. ``SELECT,INSERT,UPDATE`` if not given. A table that it does not need is left out by
    ``IGNORE "table|public.secrets|runtime privileges|reason"``.

  ``ROLES``
    Other roles that the migrations name. They exist on the shadow while a plan is compiled, and on a local server.

  ``BASELINE``
    The version up to which a history is taken as given.

  ``BASELINE_SCHEMA``
    A schema dump of the database at ``BASELINE``, replayed in place of the files up to it. Those need not be there
    any more; only ``migrate_NNN`` of the baseline itself stands for them.

  ``SEARCH_PATH``
    The ``search_path`` that every migration starts with. ``public`` if not given.

  ``IGNORE``
    Differences that are no drift: the kind of object, its identity and the attribute (each may be a pattern),
    and the reason.

  ``JOB_MANAGED_PARTITIONS``
    Partitioned tables whose partitions come and go by a job.

  ``WARNINGS_AS_ERRORS``
    Warnings that are errors, by their names (``table-rewrite``), or ``ALL`` of them. The names are those that
    ``pgratchet compile --list-warnings`` prints; an unknown one ends the build of ``schema_plan``.

  ``DISABLED_WARNINGS``
    Warnings that are not given. For one statement a comment is better: ``-- pgratchet: allow NAME: REASON``.

  ``ENABLED_WARNINGS``
    Warnings that are off unless they are named here.

  ``TARGET_PREFIX``
    Target names are global in CMake. With a prefix ``crm`` the targets are ``crm_migrate_all`` and so on and the
    tests ``crm.schema.version`` and so on; their label is ``schema`` as ever. Its database may be another one:
    ``PGRATCHET_CRM_URL_VARIABLE`` counts before ``PGRATCHET_URL_VARIABLE``, see :module:`PgRatchetOwnSettings`.

  ``LIST``
    A page of documentation (Markdown) in which a list of the migrations is kept: see :module:`PgRatchetMigrationList`.

  ``PLAN``
    A plan that is compiled already, ``<name>.plan.json``. Nothing is compiled then, and no PostgreSQL server is
    needed; ``schema_plan`` checks the bundle that the plan is part of. For the ``CMakeLists.txt`` of a bundle, which
    :command:`pgratchet_add_bundle` writes.

  The targets are ``schema_plan`` (part of ``all``), ``migrate_NNN`` for each migration, ``migrate_all``,
  ``migrate_dry_run``, ``migrate_status``, ``migrate_history``, ``backup_<env>``,
  ``restore_<env>``, ``rehearse_<env>``, for an environment with a local server ``server_start`` and ``server_stop``, and
  unless there is a ``PLAN`` those of :module:`PgRatchetWriting`. Which environment they act on is said by the variables of
  :module:`PgRatchetEnvironment`.

  Every wrong argument, file name or setting ends the configuration.

Example:

.. code-block:: cmake

  pgratchet_add_migrations(shop
    DIRECTORY    migrations
    PROBES       migrations/probes
    RUNTIME_ROLE shop_app
    IGNORE       "index|public.tmp_*|*|made by the reporting job")
#]=]
include_guard(GLOBAL)

function(pgratchet_add_migrations)
  set(one_value DIRECTORY PROBES RUNTIME_ROLE RUNTIME_PRIVILEGES BASELINE BASELINE_SCHEMA SEARCH_PATH TARGET_PREFIX
    LIST PLAN)
  set(many_values ROLES IGNORE JOB_MANAGED_PARTITIONS WARNINGS_AS_ERRORS DISABLED_WARNINGS ENABLED_WARNINGS)
  set(words "${ARGV}")
  list(POP_FRONT words name)
  set(call "pgratchet_add_migrations(${name})")
  _pgratchet_refuse_connection_strings("${call}")
  if(NOT "${name}" MATCHES "^[a-z][a-z0-9_]*$")
    _pgratchet_fatal("${call}" "the name \"${name}\" is not a lower-case letter with letters, digits and _ behind it"
      "the name comes first: pgratchet_add_migrations(shop DIRECTORY migrations)")
  endif()
  string(LENGTH "${name}" name_length)
  if(name_length GREATER 63)
    _pgratchet_fatal("${call}" "the name has ${name_length} characters, and PostgreSQL takes 63")
  endif()
  _pgratchet_check_words("${call}" "${words}" "${one_value}" "${many_values}")
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "${one_value}" "${many_values}")

  # ---- The files ----------------------------------------------------------------------------------------------------
  if(NOT DEFINED arg_DIRECTORY)
    _pgratchet_fatal("${call}" "DIRECTORY is missing" "it names the folder with the files NNN_description.sql")
  endif()
  _pgratchet_existing_directory("${call}" DIRECTORY "${arg_DIRECTORY}" directory)
  _pgratchet_read_migrations("${call}" "${directory}" "${arg_BASELINE}" "${arg_BASELINE_SCHEMA}" files versions)
  set(compile --migrations "${directory}")
  list(TRANSFORM files PREPEND "${directory}/" OUTPUT_VARIABLE inputs)
  _pgratchet_no_pattern("${directory}" folder)
  file(GLOB frozen CONFIGURE_DEPENDS "${folder}/SHA256SUMS")
  list(APPEND inputs ${frozen})

  set(checks "${versions}")
  list(TRANSFORM checks PREPEND "migration.")
  if(DEFINED arg_PROBES)
    _pgratchet_existing_directory("${call}" PROBES "${arg_PROBES}" probes)
    _pgratchet_read_probes("${call}" "${probes}" probe_files probe_checks)
    list(APPEND compile --probes "${probes}")
    list(APPEND checks ${probe_checks})
    list(APPEND inputs ${probe_files})
  endif()
  list(APPEND checks schema.version schema.drift)
  _pgratchet_read_baseline_schema("${call}" "${arg_BASELINE}" "${arg_BASELINE_SCHEMA}" baseline_schema)

  # ---- What the executor is told ------------------------------------------------------------------------------------
  if(DEFINED arg_BASELINE)
    list(APPEND compile --baseline "${arg_BASELINE}")
  endif()
  if(baseline_schema)
    list(APPEND compile --baseline-schema "${baseline_schema}")
    list(APPEND inputs "${baseline_schema}")
  endif()
  if(DEFINED arg_SEARCH_PATH)
    list(APPEND compile --search-path "${arg_SEARCH_PATH}")
  endif()
  foreach(role IN LISTS arg_ROLES)
    list(APPEND compile --role "${role}")
  endforeach()
  _pgratchet_read_runtime_role("${call}" "${arg_RUNTIME_ROLE}" "${arg_RUNTIME_PRIVILEGES}" runtime)
  if(runtime)
    list(APPEND compile ${runtime})
    list(APPEND checks schema.privileges)
  endif()
  _pgratchet_check_ignore("${call}" ${arg_IGNORE})
  foreach(entry IN LISTS arg_IGNORE)
    list(APPEND compile --ignore "${entry}")
  endforeach()
  foreach(table IN LISTS arg_JOB_MANAGED_PARTITIONS)
    list(APPEND compile --job-managed-partitions "${table}")
  endforeach()
  _pgratchet_read_warnings("${call}" "${arg_WARNINGS_AS_ERRORS}" "${arg_DISABLED_WARNINGS}" "${arg_ENABLED_WARNINGS}"
    warnings)
  list(APPEND compile ${warnings})
  _pgratchet_read_prefix("${call}" "${arg_TARGET_PREFIX}" target_prefix test_prefix)
  _pgratchet_own_start("${call}" "${arg_TARGET_PREFIX}" own_start)
  _pgratchet_check_names_at_the_end("${own_start}" "${arg_PLAN}")
  _pgratchet_declare_settings()
  _pgratchet_take_own_settings("${call}" "${own_start}")
  _pgratchet_read_environment("${call}" "${name}" connection shadow server)

  # ---- Targets and tests --------------------------------------------------------------------------------------------
  _pgratchet_target_names("${target_prefix}" "${server}" targets ${versions})
  _pgratchet_read_list("${call}" "${arg_LIST}" page)
  if(NOT DEFINED arg_PLAN)
    _pgratchet_writing_target_names("${target_prefix}" "${page}" more)
    list(APPEND targets ${more})
  endif()
  _pgratchet_claim_names("${call}" "${name}" "${target_prefix}" ${targets})
  _pgratchet_claim_database("${call}" "${own_start}")
  _pgratchet_check_testing("${call}" testing)
  if(NOT TARGET PgRatchet::pgratchet)
    _pgratchet_fatal("${call}" "the executor PgRatchet::pgratchet is not there"
      "call find_package(PgRatchet), add_subdirectory or FetchContent_MakeAvailable before")
  endif()

  if(DEFINED arg_PLAN)
    _pgratchet_add_given_plan("${call}" ${target_prefix}schema_plan "${arg_PLAN}" plan)
  else()
    set(plan "${CMAKE_BINARY_DIR}/pgratchet/${name}.plan.json")
    _pgratchet_add_plan_target(${target_prefix}schema_plan "${plan}" "${inputs}" ${compile} ${shadow})
    list(GET versions -1 newest)
    _pgratchet_remember_for_bundle(${name} "${plan}" ${newest} "${target_prefix}" "${baseline_schema}"
      "${arg_PROBES}" ${words})
    set_property(GLOBAL PROPERTY "_PGRATCHET_URL_VARIABLE_${name}" "${PGRATCHET_URL_VARIABLE}")
    set_property(GLOBAL PROPERTY "_PGRATCHET_INPUTS_${name}" "${inputs}")
    set(after "")
    if(baseline_schema)
      set(after "${arg_BASELINE}")
    endif()
    set(list_test "")
    if(testing)
      set(list_test "${test_prefix}docs.migration_list")
    endif()
    _pgratchet_add_writing_targets("${target_prefix}" "${directory}" "${after}" "${page}" "${list_test}")
  endif()
  _pgratchet_add_environment_targets("${target_prefix}" "${plan}" "${connection}" "${server}" ${versions})
  if(testing)
    _pgratchet_add_tests("${test_prefix}" "${plan}" "${connection}" "${checks}")
  endif()
endfunction()

# The migrations of a folder in their order, with their versions. With a schema file for the baseline those up to it
# are replaced by it: only the baseline's own version stays.
function(_pgratchet_read_migrations call directory baseline baseline_schema out_files out_versions)
  _pgratchet_sql_files("${directory}" names)
  set(missing_up_to "")
  if(NOT baseline_schema STREQUAL "")
    set(missing_up_to "${baseline}")
  endif()
  _pgratchet_order_migrations(history "${missing_up_to}" ${names})
  if(NOT history_PROBLEM STREQUAL "")
    _pgratchet_fatal("${call}" "${directory}: ${history_PROBLEM}")
  elseif(NOT history_FILES)
    _pgratchet_fatal("${call}" "there is no migration in ${directory}"
      "the first one is a file 001_description.sql, in BEGIN; and COMMIT;")
  endif()
  if(NOT baseline STREQUAL "")
    _pgratchet_problem_of_baseline("${baseline}" problem ${history_VERSIONS})
    if(NOT problem STREQUAL "")
      _pgratchet_fatal("${call}" "${problem}")
    endif()
  endif()
  if(NOT missing_up_to STREQUAL "")
    set(versions "${baseline}")
    foreach(version IN LISTS history_VERSIONS)
      if(version STRGREATER baseline)
        list(APPEND versions "${version}")
      endif()
    endforeach()
    set(history_VERSIONS "${versions}")
  endif()
  set(${out_files} "${history_FILES}" PARENT_SCOPE)
  set(${out_versions} "${history_VERSIONS}" PARENT_SCOPE)
endfunction()

# The paths of the probes of a folder, and the names of their checks.
function(_pgratchet_read_probes call directory out_files out_checks)
  _pgratchet_sql_files("${directory}" names)
  if(NOT names)
    _pgratchet_fatal("${call}" "there is no probe in PROBES ${directory}"
      "a probe is a file NNN_name.sql, where NNN is the version that it speaks for; until there is one, leave PROBES out")
  endif()
  set(checks "")
  foreach(name IN LISTS names)
    if(NOT name MATCHES "^([0-9][0-9][0-9]+_[A-Za-z0-9_.-]+)\\.sql$")
      _pgratchet_fatal("${call}" "${directory}: \"${name}\" is not the name of a probe"
        "it has the form NNN_name.sql: the version that it speaks for, then letters, digits, _, . and -")
    endif()
    list(APPEND checks "probe.${CMAKE_MATCH_1}")
  endforeach()
  list(TRANSFORM names PREPEND "${directory}/")
  set(${out_files} "${names}" PARENT_SCOPE)
  set(${out_checks} "${checks}" PARENT_SCOPE)
endfunction()

function(_pgratchet_read_baseline_schema call baseline file out)
  set(${out} "" PARENT_SCOPE)
  if(file STREQUAL "")
    return()
  elseif(baseline STREQUAL "")
    _pgratchet_fatal("${call}" "BASELINE_SCHEMA needs BASELINE" "the version that the dump is of")
  endif()
  cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  if(NOT EXISTS "${file}" OR IS_DIRECTORY "${file}")
    _pgratchet_fatal("${call}" "BASELINE_SCHEMA \"${file}\" is not a file")
  endif()
  set(${out} "${file}" PARENT_SCOPE)
endfunction()
