# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=SHOP_URL
# fails: pgratchet_add_migrations\(billing\): works on the database of SHOP_URL, as does pgratchet_add_migrations\(shop\)
# fails: hint: PGRATCHET_BILLING_A_URL_VARIABLE names the variable
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
pgratchet_add_migrations(billing DIRECTORY migrations TARGET_PREFIX billing-a)
