# SPDX-License-Identifier: Apache-2.0
# fails: TARGET_PREFIX "crm_" is not made of letters
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations TARGET_PREFIX crm_)
