# SPDX-License-Identifier: Apache-2.0
# fails: table-rewrite is in WARNINGS_AS_ERRORS and in DISABLED_WARNINGS
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations WARNINGS_AS_ERRORS table-rewrite DISABLED_WARNINGS table-rewrite)
