# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_COLOUR=blue -DPGRATCHET_EXPECT_DATABSE=shop
# fails: out of it PGRATCHET_EXPECT_DATABSE is no setting; did you mean PGRATCHET_EXPECT_DATABASE\? hint:
write_files(migrations 001_customers.sql)
file(WRITE "${CMAKE_CURRENT_SOURCE_DIR}/shop.plan.json" "{}\n")
pgratchet_add_migrations(shop DIRECTORY migrations PLAN shop.plan.json)
