# SPDX-License-Identifier: Apache-2.0
# What the targets ask of the executor where a backup is required, and how it is to be made.
write_sql(migrations/001_customers.sql)
write_project("pgratchet_add_migrations(shop DIRECTORY migrations)")
set(prod -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=SECRET_URL)

configure(${prod} -DPGRATCHET_BACKUP=REQUIRED)
expect_build("migrate_all" "compile [^\n]*\napply [^\n]* --backup required\n" migrate_all)
expect_build("migrate_001" "apply [^\n]* --backup required --to 001\n" migrate_001)
expect_build("backup_prod" "backup --plan [^\n]*/shop\\.plan\\.json --end-with-build --environment prod --url-variable SECRET_URL\n" backup_prod)

configure(${prod} -DPGRATCHET_BACKUP=REQUIRED "-DPGRATCHET_BACKUP_DIR=/srv/back ups" -DPGRATCHET_BACKUP_JOBS=4)
expect_build("migrate_all, with its own folder"
  "apply [^\n]* --backup required --backup-dir /srv/back ups --backup-format directory --backup-jobs 4\n" migrate_all)
expect_build("backup_prod, with its own folder"
  "backup [^\n]* --backup-dir /srv/back ups --format directory --jobs 4\n" backup_prod)

configure(${prod} -DPGRATCHET_BACKUP=NEVER "-DPGRATCHET_BACKUP_DIR=/srv/back ups" -DPGRATCHET_BACKUP_JOBS=)
expect_build("migrate_all, with none" "apply --plan [^\n]* --url-variable SECRET_URL\n" migrate_all)
expect_build("backup_prod, on request" "backup [^\n]* --backup-dir /srv/back ups\n" backup_prod)
