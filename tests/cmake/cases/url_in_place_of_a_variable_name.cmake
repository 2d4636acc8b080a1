# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=postgres://me:s3cr3t@db/shop
# fails: PGRATCHET_URL_VARIABLE is not the name of a variable. what it holds is not shown here
# nowhere: s3cr3t
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
