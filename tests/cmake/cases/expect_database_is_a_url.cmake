# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=PGRATCHET_PROD_URL -DPGRATCHET_EXPECT_DATABASE=postgresql://me:hunter2@db/shop
# fails: PGRATCHET_EXPECT_DATABASE is not the name of a database.* not shown
# nowhere: hunter2
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
