# SPDX-License-Identifier: Apache-2.0
# fails: 003 is missing between 002_orders.sql and 004_notes.sql: the free number is 003
write_files(migrations 001_customers.sql 002_orders.sql)
write_files(migrations 004_notes.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
