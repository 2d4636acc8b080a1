# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=SHOP_URL -DPGRATCHET_BILLING_URL_VARIABLE=SHOP_URL
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(billing DIRECTORY migrations TARGET_PREFIX billing)
pgratchet_add_migrations(shop DIRECTORY migrations)
require_targets(migrate_all billing_migrate_all)
