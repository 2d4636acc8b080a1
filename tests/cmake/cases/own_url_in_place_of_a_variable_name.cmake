# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=SHOP_URL -DPGRATCHET_BILLING_URL_VARIABLE=postgresql://me:hunter2@db/billing
# fails: PGRATCHET_BILLING_URL_VARIABLE is not the name of a variable; what it holds is not shown
# nowhere: hunter2
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(billing DIRECTORY migrations TARGET_PREFIX billing)
