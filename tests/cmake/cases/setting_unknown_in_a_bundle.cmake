# SPDX-License-Identifier: Apache-2.0
# A bundle's presets have what its project has declared, and the settings of its other databases.
# arguments: --no-warn-unused-cli -DPGRATCHET_COLOUR=blue -DPGRATCHET_BILLING_URL_VARIABLE=BILLING_URL
write_files(migrations 001_customers.sql)
file(WRITE "${CMAKE_CURRENT_SOURCE_DIR}/shop.plan.json" "{}\n")
pgratchet_add_migrations(shop DIRECTORY migrations PLAN shop.plan.json)
