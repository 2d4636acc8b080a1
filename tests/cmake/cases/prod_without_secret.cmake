# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=PGRATCHET_PROD_URL
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
require_targets(migrate_all migrate_status)
refuse_targets(server_start server_stop)
