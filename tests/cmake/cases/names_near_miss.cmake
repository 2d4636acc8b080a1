# SPDX-License-Identifier: Apache-2.0
# fails: "4-notes.sql" is not the name of a migration.*the next free number is 003
write_files(migrations 001_customers.sql 002_orders.sql)
write_files(migrations 4-notes.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
