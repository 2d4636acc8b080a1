# SPDX-License-Identifier: Apache-2.0
# arguments: '-DPGRATCHET_SHADOW_URL_VARIABLE=host=db password=s3cr3t'
# fails: PGRATCHET_SHADOW_URL_VARIABLE is not the name of a variable
# nowhere: s3cr3t
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
