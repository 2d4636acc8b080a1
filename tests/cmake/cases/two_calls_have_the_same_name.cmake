# SPDX-License-Identifier: Apache-2.0
# fails: takes a name that is taken by pgratchet_add_migrations\(shop\) in 
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
pgratchet_add_migrations(shop DIRECTORY migrations TARGET_PREFIX other)
