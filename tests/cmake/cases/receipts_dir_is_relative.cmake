# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=PGRATCHET_PROD_URL -DPGRATCHET_RECEIPTS_DIR:STRING=receipts
# fails: PGRATCHET_RECEIPTS_DIR "receipts" is no absolute path
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
