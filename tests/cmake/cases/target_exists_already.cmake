# SPDX-License-Identifier: Apache-2.0
# fails: the target migrate_all exists already, made in [^ ]*/source
write_files(migrations 001_customers.sql 002_orders.sql)
add_custom_target(migrate_all)
pgratchet_add_migrations(shop DIRECTORY migrations)
