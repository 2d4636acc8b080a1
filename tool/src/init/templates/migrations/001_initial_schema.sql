-- The first migration: replace the table by your own. Files that are applied somewhere are never edited; the next
-- change is 002_description.sql.

BEGIN;

CREATE TABLE notes (
    note_id    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title      text        NOT NULL CHECK (title <> ''),
    written_at timestamptz NOT NULL DEFAULT now()
);

COMMIT;
