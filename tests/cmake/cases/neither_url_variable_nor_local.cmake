# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=prod
# fails: the environment prod has neither PGRATCHET_URL_VARIABLE nor PGRATCHET_SERVER=local
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
