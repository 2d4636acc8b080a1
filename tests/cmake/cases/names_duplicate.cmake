# SPDX-License-Identifier: Apache-2.0
# fails: version 002 is taken twice, by 002_billing.sql and 002_orders.sql. the next free number is 004
write_files(migrations 001_customers.sql 002_orders.sql 002_billing.sql 003_notes.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
