# SPDX-License-Identifier: Apache-2.0
# stdout: dev local .. end
write_files(migrations 001_customers.sql)
pgratchet_add_migrations(shop DIRECTORY migrations)
message(STATUS "${PGRATCHET_ENVIRONMENT} ${PGRATCHET_SERVER} .${PGRATCHET_URL_VARIABLE}. end")
