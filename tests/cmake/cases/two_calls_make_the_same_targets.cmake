# SPDX-License-Identifier: Apache-2.0
# fails: pgratchet_add_migrations\(billing\): in [^ ]*/two_calls_make_the_same_targets.cmake makes the same targets as pgratchet_add_migrations\(shop\) in [^ ]*/two_calls_make_the_same_targets.cmake
# fails: give one of the two calls another TARGET_PREFIX
write_files(migrations 001_customers.sql 002_orders.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
pgratchet_add_migrations(billing DIRECTORY migrations)
