# SPDX-License-Identifier: Apache-2.0
# fails: 002_orders.sql has 3 digits and 0003_notes.sql has 4. one folder has one width. the next free number is
write_files(migrations 001_customers.sql 002_orders.sql)
write_files(migrations 0003_notes.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
