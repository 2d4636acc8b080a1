# SPDX-License-Identifier: Apache-2.0
write_files(crm 001_contacts.sql)
write_files(billing 20240101120000_invoices.sql 20240301120000_payments.sql)
pgratchet_add_migrations(crm DIRECTORY crm TARGET_PREFIX CRM)
pgratchet_add_migrations(billing DIRECTORY billing)
require_targets(CRM_schema_plan CRM_migrate_001 CRM_migrate_all CRM_server_start schema_plan migrate_20240301120000)
refuse_targets(migrate_001 CRM_migrate_20240101120000)
require_tests(CRM.schema.snapshot CRM.schema.migration.001 CRM.schema.version CRM.schema.drift
  schema.snapshot schema.migration.20240101120000 schema.migration.20240301120000 schema.version schema.drift)
get_test_property(CRM.schema.drift LABELS label)
if(NOT label STREQUAL "schema")
  message(SEND_ERROR "the label is ${label}")
endif()
