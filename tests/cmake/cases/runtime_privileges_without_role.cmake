# SPDX-License-Identifier: Apache-2.0
# fails: RUNTIME_PRIVILEGES needs RUNTIME_ROLE
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations RUNTIME_PRIVILEGES SELECT)
