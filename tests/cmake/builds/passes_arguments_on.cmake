# SPDX-License-Identifier: Apache-2.0
# What the targets and tests ask of the executor, for a local server and for a connection string in a variable.
set(call "pgratchet_add_migrations(shop DIRECTORY \"mig rations\" PROBES probes RUNTIME_ROLE shop_app
  RUNTIME_PRIVILEGES SELECT,INSERT
  IGNORE \"index|public.tmp_*|*|costs \$5 (half)\")")
write_sql("mig rations/001_customers.sql")
write_sql("mig rations/002_orders.sql")
write_sql(probes/001_customers.sql)
write_project("${call}")

# The build folder's path as a regular expression.
string(REGEX REPLACE "([][+.*()^\$?])" "\\\\\\1" place "${build}/pgratchet")
string(REGEX REPLACE "([][+.*()^\$?])" "\\\\\\1" migrations "${source}/mig rations")
string(REGEX REPLACE "([][+.*()^\$?])" "\\\\\\1" probes "${source}/probes")
set(plan "--plan ${place}/shop\\.plan\\.json")

configure(-DPGRATCHET_LOCK_TIMEOUT=2min)
set(local "--end-with-build --environment dev --local ${place}/server --database shop")
expect_build("compile" "compile --end-with-build ${plan} --migrations ${migrations} --probes ${probes} --runtime-role shop_app --runtime-privileges SELECT,INSERT --ignore index\\|public\\.tmp_\\*\\|\\*\\|costs \\$5 \\(half\\) --data-dir ${place}/shadow\n")
expect_build("migrate_all" "apply ${plan} ${local} --lock-timeout 2min\n" migrate_all)
expect_build("migrate_001" "apply ${plan} ${local} --lock-timeout 2min --to 001\n" migrate_001)
expect_build("migrate_dry_run" "apply ${plan} ${local} --lock-timeout 2min --dry-run\n" migrate_dry_run)
expect_build("migrate_status" "status ${plan} ${local}\n" migrate_status)
expect_build("backup_dev" "backup ${plan} ${local}\n" backup_dev)
expect_build("migrate_history" "status --history ${plan} --environment dev\n" migrate_history)
expect_build("server_start" "server start --data-dir ${place}/server --database shop\n" server_start)
expect_build("server_stop" "server stop --data-dir ${place}/server --database shop\n" server_stop)

# expect_ctest(<result> <regex of the record> <regex of the output>)
function(expect_ctest expected regex pattern)
  file(REMOVE "${record}")
  run("${CMAKE_CTEST_COMMAND}" --test-dir "${build}" -L schema)
  set(log "")
  if(EXISTS "${record}")
    file(READ "${record}" log)
  endif()
  if(NOT result EQUAL expected OR NOT log MATCHES "^${regex}$" OR NOT output MATCHES "${pattern}")
    complain("ctest returned ${result}; expected ${expected}, \"${pattern}\", and the calls \"${regex}\"")
  endif()
endfunction()
set(report "--report ${place}/shop\\.report\\.json")
set(checks "")
foreach(check IN ITEMS "migration\\.001" "migration\\.002" "probe\\.001_customers" "schema\\.version" "schema\\.drift"
    "schema\\.privileges")
  string(APPEND checks "verify ${plan} ${report} --only ${check}\n")
endforeach()
expect_ctest(0 "verify ${plan} ${local} --save ${place}/shop\\.report\\.json\n${checks}" "100% tests passed, 0 tests failed out of 7")

# A failed fixture is a failure, a skipped test is none.
file(WRITE "${WORK_DIR}/exit_code" 3)
expect_ctest(8 "verify [^\n]*\n" "0% tests passed")
file(REMOVE "${WORK_DIR}/exit_code")
file(WRITE "${WORK_DIR}/report_exit_code" 77)
expect_ctest(0 "verify [^\n]* --save [^\n]*\n${checks}" "schema.drift \\(Skipped\\)")
file(REMOVE "${WORK_DIR}/report_exit_code")

# ---- Another build folder, another environment. The connection string reaches the executor through the
# environment alone, byte for byte, and nothing of it stays in the build folder.
file(REMOVE_RECURSE "${build}")
configure(-DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=SECRET_URL -DPGRATCHET_PROTECTED=ON -DPGRATCHET_TLS=require
  -DPGRATCHET_WAIT_FOR=30s -DPGRATCHET_EXPECT_DATABASE=shöp -DPGRATCHET_EXPECT_SYSTEM_IDENTIFIER=7 -DPGRATCHET_RECEIPTS_DIR=/var/lib/receipts)
set(secret "postgres://me:p%40ss 'w\"rd\$x@db/shöp?a=b&c")
set(ENV{SECRET_URL} "${secret}")
set(prod "--end-with-build --environment prod --url-variable SECRET_URL --protected --tls require --expect-database shöp --expect-system-identifier 7 --wait-for 30s")
expect_build("migrate_all on prod" "compile [^\n]*\napply ${plan} ${prod} --receipts-dir /var/lib/receipts\n" migrate_all)
expect_build("migrate_history on prod" "status --history ${plan} --environment prod --receipts-dir /var/lib/receipts\n" migrate_history)
expect_build("backup_prod" "backup ${plan} ${prod} --receipts-dir /var/lib/receipts\n" backup_prod)
expect_ctest(0 "verify ${plan} ${prod} --save ${place}/shop\\.report\\.json\n${checks}" "100% tests passed")
file(READ "${WORK_DIR}/secret.txt" received)
if(NOT received STREQUAL secret)
  complain("the executor received \"${received}\"")
endif()
execute_process(COMMAND grep -rlF -e "p%40ss" "${build}" OUTPUT_VARIABLE found)
if(NOT found STREQUAL "")
  complain("the connection string stands in ${found}")
endif()
