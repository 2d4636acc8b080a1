-- SPDX-License-Identifier: Apache-2.0
-- The runbook's own: 001 is applied if analysis_jobs exists.
SELECT to_regclass('public.analysis_jobs') IS NOT NULL;
