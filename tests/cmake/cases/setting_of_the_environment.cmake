# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_SIGNING_KEY=hunter2
# fails: PGRATCHET_SIGNING_KEY is no variable of CMake's: set it in the environment of the command that is to read it
# nowhere: hunter2
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
