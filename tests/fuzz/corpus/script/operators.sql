BEGIN;
SELECT 1 <-> 2, 1+-+-+1, a->>'b', a@>b, 1--2
, 1/*x*/2;
COMMIT;
