# SPDX-License-Identifier: Apache-2.0
# fails: BASELINE "2a" is not a version
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations BASELINE 2a)
