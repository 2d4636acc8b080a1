# SPDX-License-Identifier: Apache-2.0
"""Files that move data. What they write is the same whenever and wherever they run."""

from .tables import value_of
from .text import dollar
from .views import fillable
from .world import Thing


def writable(w, table):
    return table.next_row is not None and not table.family


def insert(w, out, table, rows=None):
    """Adds an INSERT and gives the numbers of its rows."""
    first, last = table.next_row, table.next_row + (rows or w.rng.randrange(3, 20))
    table.next_row = last + 1
    key = w.key(table)
    pairs = [(key.only(), "g")] + [(c.only(), v) for c in w.columns(table, lambda c: not c.is_key)
                                   if (v := value_of(c)) is not None and c.born < w.file_number]
    override = " OVERRIDING SYSTEM VALUE" if table.override else ""
    names, values = ", ".join(n for n, _ in pairs), ", ".join(v for _, v in pairs)
    statement = f"INSERT INTO {table.sql()} ({names}){override}\nSELECT {values}\nFROM generate_series({first}::bigint, {last}) AS g"
    if w.chance(0.2):
        body = f"\nDECLARE\n    g bigint;\nBEGIN\n    FOR g IN {first}..{last} LOOP\n        INSERT INTO {table.sql()} ({names}){override}\n" \
               f"        VALUES ({values}); -- it's row by row;\n    END LOOP;\nEND;\n"
        statement = f"DO LANGUAGE plpgsql {dollar(w.rng, body)}"
    out.add(statement, data=True)
    return range(first, last + 1)


def change_rows(w, out, table):
    texts = w.columns(table, lambda c: c.type == "text" and c.special is None and not c.is_key)
    c, key = w.pick(texts), w.key(table).only()
    if c and w.chance(0.7):
        out.add(f"UPDATE {table.sql()} SET {c.only()} = {c.only()} || '!' WHERE {key} % 2 = 0", data=True)
    else:
        out.add(f"DELETE FROM {table.sql()} WHERE {key} % 7 = 3", data=True)


def refresh(w, out):
    view = w.pick(w.old("matview", where=fillable))
    if view:
        view.filled = True
        out.add(f"REFRESH MATERIALIZED VIEW {view.sql()}", data=True)


def set_sequence(w, out):
    s = w.pick(w.old("sequence"))
    if s:
        out.add(f"SELECT pg_catalog.setval({_regclass(s)}, {w.rng.randrange(60, 900)})", data=True)


def _regclass(thing):
    return "'" + thing.sql().replace("'", "''") + "'"


def move_data(w, out):
    """A few statements; gives the probe that tells whether they ran, or None where there is no table to work on."""
    tables = w.old("table", where=lambda t: writable(w, t))
    table = w.pick(tables)
    if not table:
        return None
    mark = mark_with_row(w, out, table)
    for _ in range(w.rng.randrange(0, 3)):
        other = w.pick(tables)
        w.rng.choice([lambda: insert(w, out, other), lambda: change_rows(w, out, other), lambda: refresh(w, out),
                      lambda: set_sequence(w, out)])()
    return mark


def mark_with_row(w, out, table):
    """Inserts rows, one of which stays for good, and gives the probe that looks for it."""
    row = next(r for r in reversed(insert(w, out, table)) if r % 7 != 3)
    key = w.key(table)
    for part in (table, key, table.schema):
        part.pinned = True
    return f"SELECT EXISTS (SELECT FROM {table.sql()} WHERE {key.only()} = {row})"


def throwaway_table(w):
    """A table outside the model, so that no move comes upon it: (CREATE statements, DROP statements)."""
    table = Thing(w, "table", w.fresh("trial"), schema=w.some_schema())
    view = Thing(w, "view", w.fresh("trialview"), schema=w.public)
    f = Thing(w, "function", w.fresh("trialfn"), schema=w.public)
    made = [f"CREATE TABLE {table.sql()} (id bigint PRIMARY KEY, note text DEFAULT 'it''s; new' CHECK (note <> ''))",
            f"CREATE INDEX ON {table.sql()} (lower(note))",
            f"CREATE VIEW {view.sql()} AS SELECT id, note || ';' AS noted FROM {table.sql()}",
            f"CREATE FUNCTION {f.sql()}() RETURNS integer LANGUAGE sql AS {dollar(w.rng, 'SELECT 1; SELECT 2')}"]
    undone = [f"DROP FUNCTION {f.sql()}()", f"DROP VIEW {view.sql()}", f"DROP TABLE {table.sql()}"]
    return made, undone
