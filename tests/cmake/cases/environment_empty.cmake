# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT= -DPGRATCHET_SERVER=local
# fails: PGRATCHET_ENVIRONMENT is not set
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
