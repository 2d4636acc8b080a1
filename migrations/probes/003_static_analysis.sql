-- SPDX-License-Identifier: Apache-2.0
-- The runbook's own: 003 is applied if static_analysis exists and analysis_jobs.imphash does.
SELECT to_regclass('public.static_analysis') IS NOT NULL
   AND EXISTS (
    SELECT FROM pg_catalog.pg_attribute
    WHERE attrelid = to_regclass('public.analysis_jobs') AND attname = 'imphash' AND NOT attisdropped
);
