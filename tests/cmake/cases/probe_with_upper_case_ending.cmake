# SPDX-License-Identifier: Apache-2.0
# fails: "001_customers.SQL" is not the name of a probe
write_files(migrations 001_customers.sql 002_orders.sql)
write_files(probes 001_customers.SQL)
pgratchet_add_migrations(shop DIRECTORY migrations PROBES probes)
