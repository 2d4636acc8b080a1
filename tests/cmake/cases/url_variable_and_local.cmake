# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=PROD_URL -DPGRATCHET_SERVER=local
# fails: the environment prod has both PGRATCHET_SERVER=local and PGRATCHET_URL_VARIABLE=PROD_URL
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
