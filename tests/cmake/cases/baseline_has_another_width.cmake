# SPDX-License-Identifier: Apache-2.0
# fails: BASELINE 2 has 1 digits and the files have 3
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations BASELINE 2)
