# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_BACKUP_JOBS=0
# fails: PGRATCHET_BACKUP_JOBS "0" is no number from 1 to 99
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
