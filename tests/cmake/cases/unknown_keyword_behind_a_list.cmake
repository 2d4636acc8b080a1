# SPDX-License-Identifier: Apache-2.0
# fails: unknown keyword "BASELINEX" behind ROLES
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations ROLES reporting BASELINEX 001)
