# SPDX-License-Identifier: Apache-2.0
# fails: RUNTIME_PRIVILEGES "SELECT,EXECUTE": "EXECUTE" is no privilege on a table
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations RUNTIME_ROLE app RUNTIME_PRIVILEGES SELECT,EXECUTE)
