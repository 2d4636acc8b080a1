-- SPDX-License-Identifier: Apache-2.0
-- Both triggers are there and fire always: neither UPDATE, DELETE nor TRUNCATE gets past them.
SELECT count(*) = 2
FROM pg_catalog.pg_trigger
WHERE tgrelid = to_regclass('public.analysis_audit_log')
  AND tgfoid = to_regproc('public.refuse_audit_change')
  AND tgenabled = 'A';
