# SPDX-License-Identifier: Apache-2.0
# fails: DISABLED_WARNINGS "-Wtable-rewrite" is no name of a warning
# fails: hint: names look like table-rewrite
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations DISABLED_WARNINGS -Wtable-rewrite)
