# SPDX-License-Identifier: Apache-2.0
# fails: the schema's tests need enable_testing\(\) before this call
write_files(migrations 001_customers.sql 002_orders.sql)
set(CMAKE_TESTING_ENABLED FALSE)
pgratchet_add_migrations(shop DIRECTORY migrations)
