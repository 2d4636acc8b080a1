# SPDX-License-Identifier: Apache-2.0
# The schema file stands for the files up to the baseline, whether they are still there or not.
write_files(migrations 011_old.sql 012_old.sql 013_customers.sql 014_orders.sql)
write_files(schema dump.sql)
pgratchet_add_migrations(shop DIRECTORY migrations BASELINE 012 BASELINE_SCHEMA schema/dump.sql)
require_targets(migrate_012 migrate_013 migrate_014)
refuse_targets(migrate_011)
