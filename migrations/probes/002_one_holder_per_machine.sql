-- SPDX-License-Identifier: Apache-2.0
-- The lease's lock is a unique index on held leases alone.
SELECT EXISTS (
    SELECT FROM pg_catalog.pg_index
    WHERE indexrelid = to_regclass('public.vm_pool_leases_one_holder')
      AND indisunique AND indisvalid AND indpred IS NOT NULL
);
