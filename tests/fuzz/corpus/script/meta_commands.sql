\restrict abc
BEGIN;
\i other.sql
SELECT 1 \gset
COMMIT;
\unrestrict abc
