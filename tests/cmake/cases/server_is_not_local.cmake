# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_SERVER=db.example.org
# fails: PGRATCHET_SERVER can only be "local"
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
