# SPDX-License-Identifier: Apache-2.0
# fails: there is an empty argument behind "BASELINE"
# fails: is a variable not set that should be
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations BASELINE "${NOT_SET}")
