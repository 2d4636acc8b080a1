# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=PGRATCHET_PROD_URL -DPGRATCHET_STAGING_URL=postgresql://me:hunter2@db/shop
# fails: PGRATCHET_STAGING_URL is no setting; a connection string belongs into the environment, under the name that PGRATCHET_URL_VARIABLE gives
# nowhere: hunter2
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
