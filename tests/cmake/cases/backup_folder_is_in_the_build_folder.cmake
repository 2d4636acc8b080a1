# SPDX-License-Identifier: Apache-2.0
# fails: PGRATCHET_BACKUP_DIR ".*" is in the build folder
write_files(migrations 001_customers.sql 002_orders.sql)
set(PGRATCHET_BACKUP_DIR "${CMAKE_BINARY_DIR}/x/../backups")
pgratchet_add_migrations(shop DIRECTORY migrations)
