# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_BACKUP=required
# fails: PGRATCHET_BACKUP "required" is neither REQUIRED nor NEVER
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
