# SPDX-License-Identifier: Apache-2.0
write_files(migrations 001_customers.sql)
set(PGRATCHET_ENVIRONMENT staging)
set(PGRATCHET_URL_VARIABLE STAGING_URL)
pgratchet_add_migrations(shop DIRECTORY migrations)
refuse_targets(server_start)
