# SPDX-License-Identifier: Apache-2.0
# fails: BASELINE_SCHEMA "[^"]*/dump.sql" is not a file
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations BASELINE 001 BASELINE_SCHEMA dump.sql)
