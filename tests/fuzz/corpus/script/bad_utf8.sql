BEGIN;
SELECT 'ÿÀ€í €ô€€';
COMMIT;
