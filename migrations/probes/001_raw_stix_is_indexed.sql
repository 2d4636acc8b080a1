-- SPDX-License-Identifier: Apache-2.0
-- Each of the three STIX tables has a GIN index on its raw object.
SELECT count(DISTINCT i.indrelid) = 3
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_am m ON m.oid = c.relam AND m.amname = 'gin'
JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND a.attname = 'stix'
WHERE i.indisvalid
  AND i.indrelid IN (to_regclass('public.stix_malware'), to_regclass('public.stix_observables'),
                     to_regclass('public.stix_indicators'));
