BEGIN;
CREATE TABLE a (id integer PRIMARY KEY, n text DEFAULT 'x;y');
COMMIT;
