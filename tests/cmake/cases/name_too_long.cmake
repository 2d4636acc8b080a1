# SPDX-License-Identifier: Apache-2.0
# fails: the name has 64 characters, and PostgreSQL takes 63
write_files(migrations 001_customers.sql 002_orders.sql)
string(REPEAT a 64 name)
pgratchet_add_migrations(${name} DIRECTORY migrations)
