# SPDX-License-Identifier: Apache-2.0
# What the target asks of the executor: the backup and the confirmation are named by variables and never stand in a file.
write_sql(migrations/001_customers.sql)
write_project("pgratchet_add_migrations(shop DIRECTORY migrations)")
set(prod -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=SECRET_URL)
set(variables "--from-variable PGRATCHET_RESTORE_FROM --confirm-variable PGRATCHET_RESTORE_CONFIRM")

configure(${prod})
expect_build("restore_prod"
  "compile [^\n]*\nrestore --plan [^\n]*/shop\\.plan\\.json --end-with-build --environment prod --url-variable SECRET_URL ${variables}\n"
  restore_prod)

configure(${prod} -DPGRATCHET_BACKUP_JOBS=4 "-DPGRATCHET_RECEIPTS_DIR=/srv/re ceipts")
expect_build("restore_prod, with jobs and its own receipts"
  "restore [^\n]* ${variables} --jobs 4 --receipts-dir /srv/re ceipts\n" restore_prod)

# A refusal of the executor ends the build.
file(WRITE "${WORK_DIR}/exit_code" 1)
run("${CMAKE_COMMAND}" --build "${build}" --target restore_prod)
if(result EQUAL 0)
  complain("the build went on although the executor refused")
endif()
