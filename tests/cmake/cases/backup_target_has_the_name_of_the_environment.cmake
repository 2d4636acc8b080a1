# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=prod-eu -DPGRATCHET_URL_VARIABLE=PROD_URL -DPGRATCHET_BACKUP=NEVER
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations TARGET_PREFIX crm)
require_targets(crm_backup_prod-eu crm_restore_prod-eu crm_rehearse_prod-eu)
refuse_targets(backup_prod-eu backup_dev restore_prod-eu restore_dev rehearse_prod-eu rehearse_dev)
