# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_EXPECT_DATABSE=shop -DPGRATCHET_PROTECTD:BOOL=ON -DPGRATCHET_COLOUR=blue
# fails: a variable in CMake's cache would have no effect, and was taken out of it
# fails: PGRATCHET_EXPECT_DATABSE is no setting; did you mean PGRATCHET_EXPECT_DATABASE\?
# fails: PGRATCHET_PROTECTD is no setting; did you mean PGRATCHET_PROTECTED\?
# fails: PGRATCHET_COLOUR is no setting PGRATCHET_EXPECT
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
