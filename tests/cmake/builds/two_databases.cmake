# SPDX-License-Identifier: Apache-2.0
# Two databases of one project, on a real server: each call's targets have its own settings, a restore's too.
write_sql(migrations/001_customers.sql)
write_sql(billing/001_invoices.sql)
write_project("pgratchet_add_migrations(shop DIRECTORY migrations)
pgratchet_add_migrations(billing DIRECTORY billing TARGET_PREFIX billing-a)")

configure(-DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=SHOP_URL -DPGRATCHET_EXPECT_DATABASE=shop
  -DPGRATCHET_BACKUP_DIR=/srv/shop -DPGRATCHET_BACKUP=REQUIRED -DPGRATCHET_BILLING_A_URL_VARIABLE=BILLING_URL
  -DPGRATCHET_BILLING_A_EXPECT_DATABASE=billing -DPGRATCHET_BILLING_A_BACKUP_DIR=/srv/billing)
set(shop "--end-with-build --environment prod --url-variable SHOP_URL --expect-database shop")
set(billing "--end-with-build --environment prod --url-variable BILLING_URL --expect-database billing")
expect_build("the plans" "compile [^\n]*\ncompile [^\n]*\n")
expect_build("migrate_all" "apply [^\n]*/shop\\.plan\\.json ${shop} --backup required --backup-dir /srv/shop\n" migrate_all)
expect_build("billing's" "apply [^\n]*/billing\\.plan\\.json ${billing} --backup required --backup-dir /srv/billing\n" billing-a_migrate_all)
expect_build("backup" "backup [^\n]* ${billing} --backup-dir /srv/billing\n" billing-a_backup_prod)
expect_build("restore" "restore [^\n]*/billing\\.plan\\.json ${billing} [^\n]*\n" billing-a_restore_prod)
expect_build("shop's restore" "restore [^\n]*/shop\\.plan\\.json ${shop} [^\n]*\n" restore_prod)
expect_build("rehearsal" "rehearse [^\n]* ${billing} --backup-dir /srv/billing [^\n]*\n" billing-a_rehearse_prod)

# The general guard speaks of one database. It is none for a call that has another one.
configure(-DPGRATCHET_BILLING_A_EXPECT_DATABASE=)
expect_build("no guard of its own" "status [^\n]* --url-variable BILLING_URL\n" billing-a_migrate_status)
expect_build("shop's is left" "status [^\n]* ${shop}\n" migrate_status)
