# SPDX-License-Identifier: Apache-2.0
# Where rehearsals are, and which backups they take.
write_sql(migrations/001_customers.sql)
write_project("pgratchet_add_migrations(shop DIRECTORY migrations)")
string(REGEX REPLACE "([][+.*()^\$?])" "\\\\\\1" place "${build}/pgratchet")
set(prod -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=SECRET_URL)

configure(${prod})
expect_build("rehearse_prod"
  "compile [^\n]*\nrehearse --plan ${place}/shop\\.plan\\.json --end-with-build --environment prod --url-variable SECRET_URL --data-dir ${place}/shadow\n"
  rehearse_prod)

configure(${prod} -DPGRATCHET_BACKUP_JOBS=4 "-DPGRATCHET_BACKUP_DIR=/srv/back ups" "-DPGRATCHET_RECEIPTS_DIR=/srv/re ceipts"
  -DPGRATCHET_SHADOW_URL_VARIABLE=STAGING_URL)
expect_build("rehearse_prod, on another server"
  "compile [^\n]*\nrehearse [^\n]* --backup-dir /srv/back ups --format directory --jobs 4 --shadow-url-variable STAGING_URL --restore-jobs 4 --receipts-dir /srv/re ceipts\n"
  rehearse_prod)
