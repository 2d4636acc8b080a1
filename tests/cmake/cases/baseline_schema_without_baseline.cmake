# SPDX-License-Identifier: Apache-2.0
# fails: BASELINE_SCHEMA needs BASELINE
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations BASELINE_SCHEMA migrations/001_customers.sql)
