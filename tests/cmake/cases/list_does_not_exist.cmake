# SPDX-License-Identifier: Apache-2.0
# fails: LIST "[^"]*/docs/migrations.md" is not a file hint: it is a page of documentation
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations LIST docs/migrations.md)
