# SPDX-License-Identifier: Apache-2.0
"""Views and materialized views, their redefinition, what stands on them, and rules."""

from .tables import type_sql
from .text import ident
from .world import CHANGE, GROW, Thing, move

# How a view shows a column: template and the columns it fits; {c} is the column.
_SHAPES = [
    ("{c}", lambda t: True),
    ("coalesce({c}::text, 'it''s; none')", lambda t: True),
    ("upper({c}) || ';'", lambda t: t in ("text", "varchar(40)")),
    ("CASE WHEN {c} > 10 THEN 'many' ELSE 'few' END", lambda t: t in ("integer", "bigint")),
    ("{c} IN ('new', 'open')", lambda t: t == "varchar(20)"),
    ("row_number() OVER (ORDER BY {c})", lambda t: t in ("integer", "bigint", "date", "text")),
    ("{c} + INTERVAL '1 day 02:03'", lambda t: t in ("timestamptz", "date", "timestamp")),
    ("{c} ->> 'key'", lambda t: t == "jsonb"),
    ("EXISTS (SELECT 1 FROM pg_catalog.generate_series(1, 2) AS r(n) WHERE r.n = {c})", lambda t: t in ("integer", "bigint")),
    ("round({c} / 3.0, 2)", lambda t: t == "numeric(14,3)"),
]


def _shown(w, source):
    """A view's column that shows one of the source's: (alias, template, column)"""
    if source.kind == "table":
        columns = w.columns(source, lambda c: not c.inherited and c.born <= w.file_number)
    else:
        columns = w.all("vcolumn", where=lambda c: c.owner is source)
    column = w.pick(columns)
    kind = type_sql(column) if column.kind == "column" else None
    fits = [template for template, fit in _SHAPES if (fit(kind) if kind else template in (_SHAPES[0][0], _SHAPES[1][0]))]
    return w.fresh("out"), w.rng.choice(fits), column


def _add_part(w, view, part):
    alias, template, column = part
    view.uses.add(column)
    shown = w.add(Thing(w, "vcolumn", alias, owner=view, inherited=False, template=template, shows=column))
    view.parts.append(shown)


def view_select(view):
    lines = [f"{p.template.format(c='s.' + p.shows.only())} AS {p.only()}" for p in view.parts]
    body = "SELECT\n    " + ",\n    ".join(lines) + f"\nFROM {view.source.sql()} AS s"
    if view.filter:
        body += f"\nWHERE {view.filter.format(c='s.' + view.parts[0].shows.only())}"
    if view.style == "cte":
        return f"WITH picked AS (\n{body}\n)\nSELECT * FROM picked"
    if view.style == "union":
        return f"{body}\nUNION ALL\n{body}"
    if view.style == "nested":
        return f"SELECT q.* FROM ({body}) AS q"
    return body


def fillable(view):
    """True if no materialized view below is still empty: those cannot be read."""
    source = view.source
    while source is not None and source.kind != "table":
        if source.kind == "matview" and not source.filled:
            return False
        source = source.source
    return True


def _new_view(w, kind, word):
    source = w.pick(w.all("table") + w.all("view", "matview", where=lambda v: v.parts))
    if not source:
        return None
    view = w.add(Thing(w, kind, w.fresh(word), schema=w.some_schema(), uses=[source], source=source, parts=[],
                       filter=w.rng.choice([None, None, "{c} IS NOT NULL", "{c}::text <> 'a;b' AND NOT {c}::text LIKE '%''%'"]),
                       style=w.rng.choice(["plain", "plain", "cte", "union", "nested"])))
    for _ in range(w.rng.randrange(1, 5)):
        _add_part(w, view, _shown(w, source))
    return view


@move(GROW, 6)
def create_view(w, out):
    view = _new_view(w, "view", "view")
    if not view:
        return False
    options = w.rng.choice(["", "", "", " WITH (security_barrier)", " WITH (security_barrier = false)"])
    if w.server_major >= 15 and w.chance(0.2):
        options = " WITH (security_invoker = true)"
    view.options = options
    how = "CREATE OR REPLACE VIEW" if w.chance(0.2) else "CREATE VIEW"
    out.add(f"{how} {view.sql()}{options} AS\n{view_select(view)}")
    return True


@move(GROW, 2)
def create_joined_view(w, out):
    tables = w.old("table")
    if len(tables) < 2:
        return False
    a, b = w.rng.sample(tables, 2)
    ka, kb = w.key(a), w.key(b)
    view = w.add(Thing(w, "view", w.fresh("join"), schema=w.some_schema(), uses=[a, b, ka, kb], source=None, parts=[]))
    how = w.rng.choice(["LEFT JOIN", "JOIN", "FULL JOIN"])
    for name in ("left_key", "right_count"):
        view.parts.append(w.add(Thing(w, "vcolumn", name, owner=view, inherited=False)))
    out.add(f"CREATE VIEW {view.sql()} AS\nSELECT a.{ka.only()} AS left_key, count(b.{kb.only()}) FILTER (WHERE b.{kb.only()} > 1) AS "
            f"right_count\nFROM {a.sql()} a {how} {b.sql()} AS b ON a.{ka.only()} = b.{kb.only()}\nGROUP BY a.{ka.only()}\n"
            f"HAVING count(*) >= 0\nORDER BY 1 DESC NULLS LAST")
    return True


@move(GROW, 2)
def create_star_view(w, out):
    """The star is spelled out by the server, once and for all."""
    table = w.pick(w.old("table", where=lambda t: not t.family))
    if not table:
        return False
    view = w.add(Thing(w, "view", w.fresh("star"), schema=w.some_schema(), source=None, parts=[], star=table,
                       uses=[table, *w.columns(table)]))
    out.add(f"CREATE VIEW {view.sql()} AS TABLE {table.sql()}" if w.chance(0.3) else
            f"CREATE VIEW {view.sql()} AS SELECT t.*, t.tableoid::regclass::text AS {ident(w.fresh('rel'))} FROM {table.sql()} t")
    return True


@move(GROW, 4)
def replace_view(w, out):
    """Same columns, one more behind them, another filter."""
    view = w.pick(w.old("view", where=lambda v: v.source is not None and v.source.kind == "table"))
    if not view:
        return False
    _add_part(w, view, _shown(w, view.source))
    if w.chance(0.5):
        view.filter = f"{{c}} IS NOT NULL AND {w.number()} > 0"
    view.options = ""
    out.add(f"CREATE OR REPLACE VIEW {view.sql()} AS\n{view_select(view)}")
    return True


@move(GROW, 3)
def rebuild_under_view(w, out):
    """A column's type changes although a view shows it: drop the view, alter, create it again."""
    view = w.pick(w.old("view", where=lambda v: v.source is not None and v.source.kind == "table" and not v.source.family
                        and w.droppable(v) and not v.pinned))
    if not view:
        return False
    columns = [p.shows for p in view.parts if p.shows.type == "text" and p.shows.special is None
               and w.users(p.shows) == [view]]
    for part in w.owned(view):
        if part.kind == "rule":
            return False
    if not columns:
        return False
    out.add(f"DROP VIEW {view.sql()}")
    out.add(f"ALTER TABLE {view.source.sql()} ALTER COLUMN {columns[0].only()} SET DATA TYPE varchar(9000)")
    columns[0].type = "varchar(9000)"
    columns[0].has_default = True
    out.add(f"CREATE VIEW {view.sql()} AS\n{view_select(view)}")
    return True


@move(GROW, 3)
def create_matview(w, out):
    view = _new_view(w, "matview", "mat")
    if not view:
        return False
    empty = w.chance(0.3) or not fillable(view)
    out.add(f"CREATE MATERIALIZED VIEW {view.sql()} AS\n{view_select(view)}\nWITH {'NO ' if empty else ''}DATA", data=not empty)
    view.filled = not empty
    if w.chance(0.6):
        part = view.parts[0]
        i = w.add(Thing(w, "index", w.fresh("midx"), schema=view.schema, owner=view, uses=[part], rigid=True))
        out.add(f"CREATE INDEX {i.only()} ON {view.sql()} USING btree (({part.only()} IS NULL))")
    return True


@move(GROW)
def create_rule(w, out):
    view = w.pick(w.old("view", where=lambda v: v.source is not None and v.source.kind == "table"))
    if not view:
        return False
    target = view.source
    event = w.rng.choice(["INSERT", "DELETE"])
    what = {"INSERT": f"INSERT INTO {target.sql()} ({w.key(target).only()}) VALUES (3); NOTIFY changed; SELECT 'it''s;'",
            "DELETE": f"DELETE FROM {target.sql()} WHERE {w.key(target).only()} = 3"}[event]
    r = w.add(Thing(w, "rule", w.fresh("rule"), owner=view, uses=[target, w.key(target)]))
    out.add(f"CREATE RULE {r.only()} AS ON {event} TO {view.sql()} DO INSTEAD ({what})")
    return True


@move(CHANGE)
def change_view_option(w, out):
    view = w.pick(w.old("view"))
    if not view:
        return False
    view.options = "changed"
    out.add(f"ALTER VIEW {view.sql()} {'SET (security_barrier = true)' if w.chance(0.6) else 'RESET (security_barrier)'}")
    return True
