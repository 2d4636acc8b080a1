# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=PGRATCHET_PROD_URL -DPGRATCHET_TLS=verify-full
# fails: PGRATCHET_TLS "verify-full" is none of warn, require and off
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
