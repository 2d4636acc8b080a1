# SPDX-License-Identifier: Apache-2.0
# fails: DIRECTORY "[^"]*/001_customers.sql" is a file, not a folder
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations/001_customers.sql)
