# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_WAIT_FOR=long
# fails: PGRATCHET_WAIT_FOR "long" is no time
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
