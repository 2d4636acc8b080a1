# SPDX-License-Identifier: Apache-2.0
# fails: there is no probe in PROBES [^ ]*/probes
write_files(migrations 001_customers.sql 002_orders.sql)
write_files(probes README.md)
pgratchet_add_migrations(shop DIRECTORY migrations PROBES probes)
