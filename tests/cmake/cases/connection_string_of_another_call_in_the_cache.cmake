# SPDX-License-Identifier: Apache-2.0
# Both are found at the first call, before the prefix of the second is known.
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=SHOP_URL -DPGRATCHET_BILLING_URL_VARIABLE=BILLING_URL
# arguments: -DPGRATCHET_SHADOW_URL_VARIABLE=SHADOW_URL -DBILLING_URL=postgresql://me:hunter2@db/billing
# arguments: -DSHADOW_URL=postgresql://me:hunter2@db
# fails: is a variable of CMake's; what it holds is not shown
# nowhere: hunter2
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
pgratchet_add_migrations(billing DIRECTORY migrations TARGET_PREFIX billing)
