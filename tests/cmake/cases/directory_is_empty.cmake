# SPDX-License-Identifier: Apache-2.0
# fails: there is no migration in [^ ]*/migrations
# fails: 001_description.sql
write_files(migrations README.md notes.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
