# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=PGRATCHET_PROD_URL -DPGRATCHET_PROD_URL=postgresql://me:hunter2@db/shop
# fails: PGRATCHET_PROD_URL, the name in PGRATCHET_URL_VARIABLE, is a variable of CMake's; what it holds is not shown
# fails: hint: a connection string belongs into the environment in which targets and tests run
# nowhere: hunter2
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
