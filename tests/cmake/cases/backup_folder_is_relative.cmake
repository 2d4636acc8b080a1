# SPDX-License-Identifier: Apache-2.0
# fails: PGRATCHET_BACKUP_DIR "backups" is not an absolute path
write_files(migrations 001_customers.sql 002_orders.sql)
set(PGRATCHET_BACKUP_DIR backups)
pgratchet_add_migrations(shop DIRECTORY migrations)
