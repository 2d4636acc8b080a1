# SPDX-License-Identifier: Apache-2.0
# fails: BASELINE 003 is newer than the newest file, 002
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations BASELINE 003)
