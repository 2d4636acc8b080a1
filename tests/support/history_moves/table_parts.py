# SPDX-License-Identifier: Apache-2.0
"""Constraints, indexes and extended statistics."""

from .tables import BUILTIN, new_column, some_table
from .world import CHANGE, GROW, Thing, move


# ---- Constraints ------------------------------------------------------------------------

def _constraint(w, table, word, uses, **facts):
    return w.add(Thing(w, "constraint", w.fresh(word), owner=table, uses=uses, propagates=table.family, rigid=False,
                       valid=True, **facts))


@move(GROW, 4)
def add_check(w, out):
    table = some_table(w)
    rules = {"integer": "{c} >= 0", "bigint": "{c} BETWEEN 0 AND 100000000 OR {c} = ANY (ARRAY[-1, -2])", "date": "{c} > '2000-01-01'",
             "text": "{c} <> 'it''s;' AND {c} NOT LIKE '%--%'", "varchar(40)": "length({c}) < 100", "jsonb": "jsonb_typeof({c}) = 'object'",
             "numeric(14,3)": "{c} >= 0 AND {c} IS DISTINCT FROM 0.5"}
    c = table and w.pick(w.columns(table, lambda c: c.type in rules and c.special is None and not c.is_key))
    if not c:
        return False
    late = w.chance(0.3)
    k = _constraint(w, table, "check", [c])
    k.rigid, k.valid = c.type in ("date", "jsonb"), not late
    out.add(f"ALTER TABLE {table.sql()} ADD CONSTRAINT {k.only()} CHECK ({rules[c.type].format(c=c.only())})"
            f"{' NOT VALID' if late else ''}")
    return True


@move(CHANGE, 3)
def validate_constraint(w, out):
    k = w.pick(w.old("constraint", where=lambda k: not k.valid))
    if not k:
        return False
    k.valid = True
    out.add(f"ALTER TABLE {k.owner.sql()} VALIDATE CONSTRAINT {k.only()}")
    return True


@move(GROW, 4)
def add_reference(w, out):
    table, target = some_table(w, lambda t: not t.family), some_table(w, lambda t: not t.family)
    if not table:
        return False
    c = new_column(w, table, kind="bigint", special="reference")
    k = _constraint(w, table, "fk", [c, target, w.key(target)])
    k.rigid = True
    k.valid = w.chance(0.7)
    extra = w.rng.choice(["", " ON DELETE CASCADE", " ON DELETE SET NULL ON UPDATE CASCADE", " DEFERRABLE INITIALLY DEFERRED",
                          " MATCH FULL DEFERRABLE"])
    out.add(f"ALTER TABLE {table.sql()} ADD COLUMN {c.only()} bigint")
    out.add(f"ALTER TABLE {table.sql()} ADD CONSTRAINT {k.only()} FOREIGN KEY ({c.only()})\n    REFERENCES {target.sql()} "
            f"({w.key(target).only()}){extra}{'' if k.valid else ' NOT VALID'}")
    return True


@move(GROW, 2)
def add_unique(w, out):
    table = some_table(w, lambda t: not t.family)
    c = table and w.pick(w.columns(table, lambda c: c.special is None and c.type in ("integer", "uuid", "text") and not c.has_default
                                   and c.born == table.born))
    if not c or any(u.kind == "constraint" for u in w.users(c)):
        return False
    k = _constraint(w, table, "uniq", [c])
    nulls = " NULLS NOT DISTINCT" if w.server_major >= 15 and w.chance(0.3) else ""
    out.add(f"ALTER TABLE {table.sql()} ADD CONSTRAINT {k.only()} UNIQUE{nulls} ({w.key(table).only()}, {c.only()})"
            f"{' DEFERRABLE' if w.chance(0.3) else ''}")
    return True


@move(GROW)
def add_exclusion(w, out):
    table = some_table(w, lambda t: not t.family)
    c = table and w.pick(w.columns(table, lambda c: c.type == "int8range" and not any(x.type == "int8range" for x in w.columns(table)
                                                                                     if x is not c)))
    if not c or table.next_row != 1:
        return False
    table.next_row = None  # overlapping rows would be refused: no data moves here
    k = _constraint(w, table, "excl", [c])
    out.add(f"ALTER TABLE {table.sql()} ADD CONSTRAINT {k.only()} EXCLUDE USING gist ({c.only()} WITH &&)")
    return True


@move(CHANGE, 2)
def drop_constraint(w, out):
    k = w.pick(w.old("constraint", where=lambda k: not k.pinned and not w.users(k)))
    if not k:
        return False
    out.add(f"ALTER TABLE {k.owner.sql()} DROP CONSTRAINT {'IF EXISTS ' if w.chance(0.2) else ''}{k.only()}")
    w.forget([k])
    return True


# ---- Indexes and statistics -----------------------------------------------------------------

def index_sql(w, table, concurrently=False):
    """A CREATE INDEX on a table, or None if no column takes one."""
    c = w.pick(w.columns(table, lambda c: isinstance(c.type, str) and c.type in BUILTIN
                         and c.special not in ("reference", "virtual")
                         and not c.inherited))
    if not c:
        return None
    i = w.add(Thing(w, "index", w.fresh("idx"), schema=table.schema, owner=table, uses=[c], rigid=False))
    what, method, tail = c.only(), "", ""
    if c.type == "jsonb":
        method = " USING gin"
        what += w.rng.choice(["", " jsonb_path_ops"])
    elif c.type in ("text[]",):
        method = " USING gin"
    elif c.type in ("text", "varchar(40)"):
        what = w.rng.choice([c.only(), f"lower({c.only()})", f'{c.only()} COLLATE "C" DESC NULLS LAST', f"{c.only()} text_pattern_ops",
                             f"(({c.only()} || ';'))"])
        i.rigid = c.type != "text"
    elif w.chance(0.3) and c.type in ("integer", "bigint", "date"):
        what += w.rng.choice([" DESC", " ASC NULLS FIRST"])
    if not method and w.chance(0.3):
        tail = f" INCLUDE ({w.key(table).only()})"
    if w.chance(0.3):
        tail += f" WHERE {w.key(table).only()} > {w.rng.randrange(100)} AND {c.only()} IS NOT NULL"
    how = " CONCURRENTLY" if concurrently else ""
    guard = " IF NOT EXISTS" if not concurrently and w.chance(0.15) else ""
    return f"CREATE INDEX{how}{guard} {i.only()} ON {table.sql()}{method} ({what}){tail}"


@move(GROW, 6)
def create_index(w, out):
    table = some_table(w)
    sql = table and index_sql(w, table)
    if not sql:
        return False
    out.add(sql)
    return True


@move(GROW)
def create_statistics(w, out):
    table = some_table(w, lambda t: not t.family)
    plain = w.columns(table, lambda c: c.special != "virtual" and c.type in ("integer", "text", "boolean", "date", "bigint")) if table else []
    if len(plain) < 2:
        return False
    two = w.rng.sample(plain, 2)
    s = w.add(Thing(w, "statistics", w.fresh("stat"), schema=table.schema, owner=table, uses=two, rigid=True))
    kinds = w.rng.choice(["", " (ndistinct)", " (dependencies, mcv)"])
    out.add(f"CREATE STATISTICS {s.sql()}{kinds} ON {two[0].only()}, {two[1].only()} FROM {table.sql()}")
    return True


@move(CHANGE)
def tune_storage(w, out):
    c = w.pick(w.old("column", where=lambda c: c.type == "text" and not c.owner.family))
    if not c:
        return False
    out.add(f"ALTER TABLE {c.owner.sql()} ALTER {c.only()} SET STATISTICS {w.number() % 9000}, ALTER {c.only()} SET STORAGE EXTERNAL")
    return True
