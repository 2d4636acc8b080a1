# SPDX-License-Identifier: Apache-2.0
# fails: WARNINGS_AS_ERRORS has no value
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations WARNINGS_AS_ERRORS)
