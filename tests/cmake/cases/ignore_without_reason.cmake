# SPDX-License-Identifier: Apache-2.0
# fails: IGNORE "index.public.a.*. " does not have the form
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations IGNORE "index|public.a|*| ")
