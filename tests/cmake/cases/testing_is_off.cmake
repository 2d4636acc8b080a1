# SPDX-License-Identifier: Apache-2.0
# arguments: -DBUILD_TESTING=OFF
write_files(migrations 001_customers.sql)
set(CMAKE_TESTING_ENABLED FALSE)
pgratchet_add_migrations(shop DIRECTORY migrations)
require_targets(migrate_all)
require_tests()
