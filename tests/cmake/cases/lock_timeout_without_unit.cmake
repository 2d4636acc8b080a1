# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_LOCK_TIMEOUT=5
# fails: PGRATCHET_LOCK_TIMEOUT "5" is no time
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
