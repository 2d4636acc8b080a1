# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=PGRATCHET_PROD_URL -DPGRATCHET_EXPECT_SYSTEM_IDENTIFIER=0x7f
# fails: PGRATCHET_EXPECT_SYSTEM_IDENTIFIER is no number.*pg_control_system
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
