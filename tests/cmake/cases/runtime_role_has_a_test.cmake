# SPDX-License-Identifier: Apache-2.0
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations RUNTIME_ROLE app)
require_tests(schema.snapshot schema.migration.001 schema.version schema.drift schema.privileges)
