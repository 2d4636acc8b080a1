# SPDX-License-Identifier: Apache-2.0
# fails: "customers.sql" is not the name of a probe
# fails: it has the form NNN_name.sql
write_files(migrations 001_customers.sql 002_orders.sql)
write_files(probes customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations PROBES probes)
