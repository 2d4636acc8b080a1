# SPDX-License-Identifier: Apache-2.0
# fails: unknown argument "FOLDER"
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop FOLDER migrations)
