# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=postgres://me:s3cr3t@db/shop -DPGRATCHET_SERVER=local
# fails: PGRATCHET_ENVIRONMENT is not a name
# nowhere: s3cr3t
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
