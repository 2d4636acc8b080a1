# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_RESTORE_CONFIRM=dev
# fails: PGRATCHET_RESTORE_CONFIRM is no variable of CMake's, and would have no effect
# fails: PGRATCHET_RESTORE_CONFIRM=... cmake --build . --target restore_dev
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
