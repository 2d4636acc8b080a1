# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_PG_BINDIR=/no/such/folder
# fails: PGRATCHET_PG_BINDIR "/no/such/folder" does not exist
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
