# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_LOCK_TIMEOUT=0s
# fails: PGRATCHET_LOCK_TIMEOUT "0s" is no time
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
