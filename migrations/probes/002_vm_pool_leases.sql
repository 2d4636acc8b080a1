-- SPDX-License-Identifier: Apache-2.0
-- The runbook's own: 002 is applied if vm_pool_leases exists.
SELECT to_regclass('public.vm_pool_leases') IS NOT NULL;
