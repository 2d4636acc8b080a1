# SPDX-License-Identifier: Apache-2.0
# Known is what starts with the prefix of any call, also of one that comes later or in another folder.
# arguments: -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=SHOP_URL -DPGRATCHET_BILLING_URL_VARIABLE=BILLING_URL
# arguments: -DPGRATCHET_BILLING_EXPECT_DATABASE=billing -DPGRATCHET_BILING_BACKUP_DIR=/srv/billing
# fails: out of it PGRATCHET_BILING_BACKUP_DIR is no setting; did you mean PGRATCHET_BILLING_BACKUP_DIR\? hint:
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
file(WRITE "${CMAKE_CURRENT_SOURCE_DIR}/billing/CMakeLists.txt"
  "pgratchet_add_migrations(billing DIRECTORY ../migrations TARGET_PREFIX billing)\n")
add_subdirectory(billing)
