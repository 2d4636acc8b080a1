# SPDX-License-Identifier: Apache-2.0
# fails: TARGET_PREFIX "Shadow" would make PGRATCHET_SHADOW_URL_VARIABLE mean two things
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations TARGET_PREFIX Shadow)
