BEGIN;
DO $body$ BEGIN PERFORM $$;$$; PERFORM $b$ $body $b$; END $body$;
SELECT $1, a$b$, $ä$ ; $ä$;
COMMIT;
