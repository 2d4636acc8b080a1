# SPDX-License-Identifier: Apache-2.0
"""Schemas, types, sequences and what only renames or comments."""

from .text import ident, remark, string
from .world import CHANGE, GROW, ORNAMENT, Thing, move

_LABELS = ["new", "open", "it's done", "käse", "won't; fix", "日本", "Mixed Case", "a\\b", "x" * 40]


@move(GROW, 2)
def create_enum(w, out):
    labels = w.rng.sample(_LABELS, w.rng.randrange(2, 5))
    t = w.add(Thing(w, "enum", w.fresh("mood"), schema=w.some_schema(), labels=labels, usable=list(labels)))
    out.add(f"CREATE TYPE {t.sql()} AS ENUM ({', '.join(string(w.rng, x) for x in labels)})")
    return True


@move(GROW, 2)
def add_enum_value(w, out):
    """The label is not used by data moves before a later file: in its own transaction it cannot be."""
    t = w.pick(w.old("enum"))
    if not t:
        return False
    label, place = f"label {w.number()}", ""
    at = len(t.labels)
    if w.chance(0.6):
        at = w.rng.randrange(len(t.labels))
        before = w.chance(0.5)
        place = f" {'BEFORE' if before else 'AFTER'} {string(w.rng, t.labels[at])}"
        at += 0 if before else 1
    t.labels.insert(at, label)
    guard = "IF NOT EXISTS " if w.chance(0.3) else ""
    out.add(f"ALTER TYPE {t.sql()} ADD VALUE {guard}{string(w.rng, label)}{place}")
    return True


@move(GROW)
def rename_enum_value(w, out):
    t = w.pick(w.old("enum", where=lambda t: not w.users(t)))  # checks and defaults would be shown with the new label: fine,
    if not t:                                                  # but data moves remember the old one
        return False
    at, label = w.rng.randrange(len(t.labels)), f"renamed {w.number()}"
    out.add(f"ALTER TYPE {t.sql()} RENAME VALUE {string(w.rng, t.labels[at])} TO {string(w.rng, label)}")
    t.usable = [x for x in t.usable if x != t.labels[at]] + [label]
    t.labels[at] = label
    return True


@move(GROW, 2)
def create_domain(w, out):
    base, rule, value, default = w.rng.choice([
        ("text", "VALUE <> '' AND length(VALUE) < 10000", "'d' || g", "'it''s; a'"), ("integer", "VALUE > 0", "g", "1"),
        ("varchar(30)", "VALUE IN ('new', 'open', 'done')", "'open'", "'new'"), ("numeric(12,2)", "VALUE >= 0", "g * 2.5", "0.10"),
        ("text", "VALUE ~ '^[^;]*$'", "'no semicolon ' || g", "''")])
    t = w.add(Thing(w, "domain", w.fresh("dom"), schema=w.some_schema(), base=base, value=value))
    strict = f" DEFAULT {default} NOT NULL" if w.chance(0.2) else ""
    out.add(f"CREATE DOMAIN {t.sql()} AS {base}{strict}\n    CONSTRAINT {ident(w.fresh('rule'))} CHECK ({rule})")
    return True


@move(GROW)
def add_domain_constraint(w, out):
    t = w.pick(w.old("domain"))
    if not t:
        return False
    late = " NOT VALID" if w.chance(0.4) else ""
    out.add(f"ALTER DOMAIN {t.sql()} ADD CONSTRAINT {ident(w.fresh('more'))} "
            f"CHECK (VALUE IS NULL OR VALUE::text <> {string(w.rng, remark(w.rng))}){late}")
    return True


@move(GROW)
def create_composite(w, out):
    t = w.add(Thing(w, "composite", w.fresh("pair"), schema=w.some_schema(), attributes=[ident(w.fresh("a")), ident(w.fresh("b"))]))
    out.add(f"CREATE TYPE {t.sql()} AS ({t.attributes[0]} integer, {t.attributes[1]} text)")
    return True


@move(GROW)
def grow_composite(w, out):
    t = w.pick(w.old("composite", where=lambda t: not w.users(t)))
    if not t:
        return False
    name = ident(w.fresh("more"))
    if w.chance(0.5):
        out.add(f"ALTER TYPE {t.sql()} RENAME ATTRIBUTE {t.attributes[0]} TO {name}")
        t.attributes[0] = name
    else:
        out.add(f"ALTER TYPE {t.sql()} ADD ATTRIBUTE {name} {w.rng.choice(['text', 'bigint', 'jsonb'])}")
        t.attributes.append(name)
    return True


@move(GROW)
def create_range(w, out):
    t = w.add(Thing(w, "range", w.fresh("span"), schema=w.some_schema()))
    extra = ""
    if w.server_major >= 14 and w.chance(0.5):
        extra = f", MULTIRANGE_TYPE_NAME = {ident(t.schema.name)}.{ident(w.fresh('spans'))}"
    out.add(f"CREATE TYPE {t.sql()} AS RANGE (SUBTYPE = {w.rng.choice(['float8', 'time', 'bigint'])}{extra})")
    return True


@move(GROW)
def create_collation(w, out):
    c = w.add(Thing(w, "collation", w.fresh("coll"), schema=w.some_schema()))
    out.add(f"CREATE COLLATION {c.sql()} (LOCALE = 'C')")
    return True


@move(GROW, 2)
def create_sequence(w, out):
    s = w.add(Thing(w, "sequence", w.fresh("seq"), schema=w.some_schema(), high=1000))
    kind = w.rng.choice(["", " AS integer", " AS smallint MAXVALUE 30000"])
    out.add(f"CREATE SEQUENCE {s.sql()}{kind} START WITH {w.rng.randrange(1, 50)} INCREMENT BY {w.rng.randrange(1, 9)}"
            f"{' CYCLE' if w.chance(0.3) else ''}")
    return True


@move(GROW)
def alter_sequence(w, out):
    s = w.pick(w.old("sequence"))
    if not s:
        return False
    s.high += 10
    out.add(f"ALTER SEQUENCE {s.sql()} MAXVALUE {s.high} CACHE {w.number()}")
    return True


# ---- Any object ---------------------------------------------------------------------

_WORDS = {"table": "TABLE", "view": "VIEW", "matview": "MATERIALIZED VIEW", "index": "INDEX", "sequence": "SEQUENCE",
          "enum": "TYPE", "composite": "TYPE", "range": "TYPE", "domain": "DOMAIN", "schema": "SCHEMA",
          "statistics": "STATISTICS", "collation": "COLLATION", "event trigger": "EVENT TRIGGER"}


def routine_name(t):
    return f"{t.sql()}({', '.join(a if isinstance(a, str) else a.sql() for a in t.arguments)})"


_ROUTINES = {"function": "FUNCTION", "procedure": "PROCEDURE", "aggregate": "AGGREGATE"}


def _where(t):
    """`TYPE name` as ALTER, DROP and COMMENT write it; None for what those moves leave alone."""
    if t.kind in _WORDS:
        return f"{_WORDS[t.kind]} {t.sql()}"
    if t.kind in _ROUTINES:
        return f"{_ROUTINES[t.kind]} {routine_name(t)}"
    if t.kind in ("trigger", "rule", "policy"):
        return f"{t.kind.upper()} {t.only()} ON {t.owner.sql()}"
    return None


@move(GROW, 4)
def rename(w, out):
    """Dependents change their text, and none of them is named in the file."""
    t = w.pick(w.old(*_WORDS, *_ROUTINES, "trigger", "rule", "policy", where=lambda t: not t.pinned))
    if not t:
        return False
    name = w.fresh("renamed")
    out.add(f"ALTER {_where(t)} RENAME TO {ident(name)}")
    t.name = name
    return True


@move(GROW, 2)
def rename_part(w, out):
    t = w.pick(w.old("column", "vcolumn", "constraint", where=lambda t: not t.pinned and not t.owner.pinned))
    if not t or (t.kind == "column" and t.inherited):
        return False
    part = "CONSTRAINT" if t.kind == "constraint" else "COLUMN"
    verb = {"view": "VIEW", "matview": "MATERIALIZED VIEW"}.get(t.owner.kind, "TABLE")
    if t.kind == "constraint" and t.propagates:
        return False
    name = w.fresh("part")
    out.add(f"ALTER {verb} {t.owner.sql()} RENAME {part} {t.only()} TO {ident(name)}")
    t.name = name
    return True


@move(CHANGE, 2)
def change_schema(w, out):
    movable = ("table", "view", "matview", "sequence", "enum", "domain", "composite", "function", "aggregate")
    t = w.pick(w.old(*movable, where=lambda t: not t.pinned and not (t.kind == "table" and t.family)))
    to = w.some_schema()
    if not t or t.schema is to:
        return False
    out.add(f"ALTER {_where(t)} SET SCHEMA {to.sql()}")
    for index in w.all("index", where=lambda x: x.owner is t):
        index.schema = to
    t.schema = to
    return True


@move(CHANGE, 5)
def drop(w, out):
    t = w.pick(w.old(*_WORDS, *_ROUTINES, "trigger", "rule", "policy", where=w.droppable))
    if not t or (t.kind == "schema" and len(w.all("schema")) < 3):
        return False
    inside = t.kind == "schema" and len(w.owned(t)) > 1
    if inside and not w.cascade_allowed(t):
        return False
    word, _, rest = _where(t).partition(t.only() if t.kind in ("trigger", "rule", "policy") else t.sql())
    guard = "IF EXISTS " if w.chance(0.3) else ""
    name = t.only() if t.kind in ("trigger", "rule", "policy") else t.sql()
    out.add(f"DROP {word}{guard}{name}{rest}{' CASCADE' if inside else w.rng.choice(['', '', ' RESTRICT'])}")
    w.forget(w.owned(t))
    return True


@move(CHANGE, 3)
def drop_cascade(w, out):
    t = w.pick(w.old("table", "view", "matview", "enum", "domain", "function", "sequence", "composite",
                     where=lambda t: not w.droppable(t)))
    if not t or t.pinned or not w.cascade_allowed(t):
        return False
    out.add(f"DROP {_where(t)} CASCADE")
    w.forget(w.gone_with(t))
    return True


@move(ORNAMENT, 4)
def comment_on(w, out):
    t = w.pick(w.all(*_WORDS, *_ROUTINES, "trigger", "rule", "policy", "column", "vcolumn", "constraint"))
    if not t:
        return False
    if t.kind in ("column", "vcolumn"):
        what = f"COLUMN {t.owner.sql()}.{t.only()}"
    elif t.kind == "constraint":
        what = f"CONSTRAINT {t.only()} ON {t.owner.sql()}"
    else:
        what = _where(t)
    text = "NULL" if w.chance(0.15) else string(w.rng, remark(w.rng))
    out.add(f"COMMENT ON {what} IS {text}")
    return True
