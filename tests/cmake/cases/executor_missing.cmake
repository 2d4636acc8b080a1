# SPDX-License-Identifier: Apache-2.0
# arguments: -DCASE_WITHOUT_EXECUTOR=ON
# fails: the executor PgRatchet::pgratchet is not there
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
