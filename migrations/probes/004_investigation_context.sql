-- SPDX-License-Identifier: Apache-2.0
-- 004 is applied if a job can name its investigation and all four rules about it are there.
SELECT count(*) = 4
FROM pg_catalog.pg_constraint
WHERE conrelid = to_regclass('public.analysis_jobs')
  AND contype = 'c' AND convalidated
  AND conname IN ('analysis_jobs_investigation_id', 'analysis_jobs_investigation_role', 'analysis_jobs_tlp',
                  'analysis_jobs_role_needs_investigation');
