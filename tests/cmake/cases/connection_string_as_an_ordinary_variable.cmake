# SPDX-License-Identifier: Apache-2.0
# fails: SHOP_URL, the name in PGRATCHET_URL_VARIABLE, is a variable of CMake's
# nowhere: hunter2
write_files(migrations 001_customers.sql)
set(PGRATCHET_ENVIRONMENT prod)
set(PGRATCHET_URL_VARIABLE SHOP_URL)
set(SHOP_URL "postgresql://me:hunter2@db/shop")
pgratchet_add_migrations(shop DIRECTORY migrations)
