# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=PGRATCHET_PROD_URL -DPGRATCHET_PROTECTED=perhaps
# fails: PGRATCHET_PROTECTED "perhaps" is neither ON nor OFF
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
