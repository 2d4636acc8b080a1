# SPDX-License-Identifier: Apache-2.0
# fails: the name "DIRECTORY" is not a lower-case letter
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(DIRECTORY migrations)
