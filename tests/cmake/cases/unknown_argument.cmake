# SPDX-License-Identifier: Apache-2.0
# fails: unknown argument "migration"
# fails: the keywords are DIRECTORY, PROBES
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations migration)
