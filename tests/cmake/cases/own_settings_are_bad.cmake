# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=SHOP_URL -DPGRATCHET_BILLING_BACKUP_DIR=back/ups
# fails: PGRATCHET_BILLING_BACKUP_DIR "back/ups" is not an absolute path
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(billing DIRECTORY migrations TARGET_PREFIX billing)
