# SPDX-License-Identifier: Apache-2.0
# fails: PROBES "[^"]*/probes" does not exist
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations PROBES probes)
