# SPDX-License-Identifier: Apache-2.0
"""Functions in every kind of quoting, procedures, aggregates, operators, casts, triggers."""

from .text import ident, plpgsql_body, routine_body, standard, string, remark
from .types import routine_name
from .world import CHANGE, GROW, Thing, move


def _routine(w, kind, word, arguments, uses=(), **facts):
    things = [a for a in arguments if not isinstance(a, str)]
    return w.add(Thing(w, kind, w.fresh(word), schema=w.some_schema(), arguments=arguments, uses=[*uses, *things], **facts))


def plpgsql_text(w, f):
    """Makes up what follows the name, and keeps it: a revert writes it out again."""
    traits = w.rng.choice(["", " STABLE", " IMMUTABLE STRICT", " SECURITY DEFINER SET search_path = pg_catalog, pg_temp",
                           " PARALLEL SAFE COST 7", " SET DateStyle = 'ISO, DMY' SET work_mem TO '5MB'"])
    body = plpgsql_body(w.rng).replace("v text := 'x'", f"v text := 'x{w.number()}'")
    f.tail = (f"(a integer, \"Second; arg\" text DEFAULT 'it''s; b')\n    RETURNS text LANGUAGE plpgsql{traits}\nAS "
              + routine_body(w.rng, body))
    return f.tail


@move(GROW, 6)
def create_plpgsql(w, out):
    f = _routine(w, "function", "fn", ["integer", "text"], language="plpgsql")
    out.add(f"CREATE FUNCTION {f.sql()}{plpgsql_text(w, f)}")
    return True


@move(GROW, 3)
def replace_plpgsql(w, out):
    f = w.pick(w.old("function", where=lambda f: f.language == "plpgsql" and not w.users(f)))
    if not f:
        return False
    out.add(f"CREATE OR REPLACE FUNCTION {f.sql()}{plpgsql_text(w, f)}")
    return True


@move(GROW, 4)
def create_sql_function(w, out):
    result, body = w.rng.choice([
        ("integer", "SELECT $1 + 1; -- it's; one more\nSELECT a * 2;"),
        ("text", "SELECT E'esc\\'aped;' || a::text || $q$ ' ; $q$ /* ; */"),
        ("SETOF integer", "SELECT g FROM generate_series(1, a) AS g"),
        ("TABLE (n integer, label text)", "SELECT a, 'semi;colon'::text"),
        ("integer[]", "SELECT ARRAY[a, 2]"),
    ])
    f = _routine(w, "function", "sqlfn", ["integer"], language="sql")
    traits = w.rng.choice(["", " IMMUTABLE", " STABLE LEAKPROOF", " STRICT PARALLEL RESTRICTED"])
    out.add(f"CREATE FUNCTION {f.sql()}(a integer) RETURNS {result}\n    LANGUAGE sql{traits} AS {routine_body(w.rng, body)}")
    return True


@move(GROW, 3, since=14)
def create_atomic(w, out):
    """A body that the server keeps parsed: it follows renames, and its semicolons end no statement."""
    table = w.pick(w.old("table"))
    if not table:
        return False
    key = w.key(table)
    f = _routine(w, "function", "atomic", ["integer"], uses=[table, key], language="atomic")
    body = w.rng.choice([
        f"SELECT count(*) FROM {table.sql()} WHERE {key.only()} > a;",
        f"SELECT 1;\n    SELECT CASE WHEN a > 1 THEN (SELECT max({key.only()}) FROM {table.sql()}) ELSE 0 END;",
        f"DELETE FROM {table.sql()} WHERE {key.only()} = a AND 'it''s;' <> ';END';\n    SELECT count(t.{key.only()}) FROM {table.sql()} t;",
    ])
    out.add(f"CREATE FUNCTION {f.sql()}(a integer) RETURNS bigint\nLANGUAGE sql\nBEGIN ATOMIC\n    {body}\nEND")
    return True


@move(GROW, 2)
def create_typed_function(w, out):
    t = w.pick(w.old("enum", "composite", "domain"))
    if not t:
        return False
    f = _routine(w, "function", "typed", [t], language="sql")
    out.add(f"CREATE FUNCTION {f.sql()}(x {t.sql()}) RETURNS text IMMUTABLE LANGUAGE sql AS {string(w.rng, 'SELECT x::text')}")
    return True


@move(GROW, 2)
def create_procedure(w, out):
    p = _routine(w, "procedure", "proc", ["integer", "text"])
    body = "\nBEGIN\n    -- it's a procedure; COMMIT\n    b := b || $q$;$q$ || a;\nEND"
    out.add(f"CREATE PROCEDURE {p.sql()}(a integer, INOUT b text)\nLANGUAGE plpgsql AS {routine_body(w.rng, body)}")
    return True


@move(CHANGE, 2)
def alter_function(w, out):
    f = w.pick(w.old("function", where=lambda f: f.language in ("plpgsql", "sql")))
    if not f:
        return False
    f.tail = None
    out.add(f"ALTER FUNCTION {routine_name(f)} {w.rng.choice(['COST 321', 'PARALLEL SAFE', 'SECURITY DEFINER', 'STABLE', 'LEAKPROOF'])}")
    return True


@move(GROW)
def create_aggregate(w, out):
    f = _routine(w, "function", "step", ["bigint", "bigint"], language="internal")
    a = _routine(w, "aggregate", "agg", ["bigint"], uses=[f])
    out.add(f"CREATE FUNCTION {f.sql()}(bigint, bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS {standard('SELECT $1 + coalesce($2, 0)')}")
    out.add(f"CREATE AGGREGATE {a.sql()}(bigint) (SFUNC = {f.sql()}, STYPE = bigint, INITCOND = '{w.rng.randrange(9)}')")
    return True


@move(GROW)
def create_operator(w, out):
    f = _routine(w, "function", "opfn", ["integer", "text"], language="internal")
    digits, n = "", w.number()
    while n:
        digits, n = "@#%&|~^!"[n % 8] + digits, n // 8
    schema = w.some_schema()
    w.add(Thing(w, "operator", "<" + digits, schema=schema, uses=[f]))
    out.add(f"CREATE FUNCTION {f.sql()}(integer, text) RETURNS boolean IMMUTABLE LANGUAGE sql AS "
            f"{standard('SELECT $1::text = $2')}")
    out.add(f"CREATE OPERATOR {ident(schema.name)}.<{digits} (LEFTARG = integer, RIGHTARG = text, FUNCTION = {f.sql()})")
    return True


@move(GROW)
def create_cast(w, out):
    t = w.pick(w.old("composite", "enum", where=lambda t: not any(u.kind == "cast" for u in w.users(t))))
    if not t:
        return False
    f = _routine(w, "function", "castfn", [t], language="internal")
    w.add(Thing(w, "cast", "cast", uses=[t, f]))
    out.add(f"CREATE FUNCTION {f.sql()}({t.sql()}) RETURNS integer IMMUTABLE LANGUAGE sql AS {standard('SELECT length($1::text)')}")
    out.add(f"CREATE CAST ({t.sql()} AS integer) WITH FUNCTION {routine_name(f)} AS ASSIGNMENT")
    return True


# ---- Triggers -------------------------------------------------------------------------

def _trigger_function(w, out):
    f = w.pick(w.old("function", where=lambda f: f.language == "trigger"))
    if f and w.chance(0.6):
        return f
    f = _routine(w, "function", "trg", [], language="trigger")
    body = (f"\nBEGIN\n    RAISE DEBUG 'it''s % on %; {w.number()}', TG_OP, TG_TABLE_NAME;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n"
            f"    /* {remark(w.rng).replace('/*', '')} */\n    RETURN NEW;\nEND;\n")
    out.add(f"CREATE FUNCTION {f.sql()}() RETURNS trigger LANGUAGE plpgsql AS {routine_body(w.rng, body)}")
    return f


@move(GROW, 4)
def create_trigger(w, out):
    table = w.pick(w.old("table", where=lambda t: not t.partitioned))
    if not table:
        return False
    f = _trigger_function(w, out)
    uses, condition = [f], ""
    event = w.rng.choice(["INSERT", "UPDATE", "INSERT OR UPDATE OR DELETE", "DELETE"])
    column = w.pick(w.columns(table, lambda c: c.special is None and not c.inherited))
    if event == "UPDATE" and column and w.chance(0.7):
        event, condition = f"UPDATE OF {column.only()}", f" WHEN (OLD.{column.only()}::text IS DISTINCT FROM NEW.{column.only()}::text)"
        uses.append(column)
    t = w.add(Thing(w, "trigger", w.fresh("trig"), owner=table, uses=uses, enabled=True))
    row = condition or w.chance(0.7)
    argument = string(w.rng, "arg; it's") if w.chance(0.3) else ""
    argument = standard("arg; it's") if argument.startswith("$") else argument
    out.add(f"CREATE TRIGGER {t.only()} {'BEFORE' if w.chance(0.5) and row else 'AFTER'} {event} ON {table.sql()}\n"
            f"    FOR EACH {'ROW' if row else 'STATEMENT'}{condition} EXECUTE FUNCTION {f.sql()}({argument})")
    return True


@move(GROW)
def create_constraint_trigger(w, out):
    table = w.pick(w.old("table", where=lambda t: not t.partitioned))
    if not table:
        return False
    f = _trigger_function(w, out)
    t = w.add(Thing(w, "trigger", w.fresh("ctrig"), owner=table, uses=[f], enabled=True))
    out.add(f"CREATE CONSTRAINT TRIGGER {t.only()} AFTER INSERT ON {table.sql()} DEFERRABLE INITIALLY DEFERRED\n"
            f"    FOR EACH ROW EXECUTE PROCEDURE {f.sql()}()")
    return True


@move(CHANGE, 3)
def switch_trigger(w, out):
    t = w.pick(w.old("trigger"))
    if not t:
        return False
    how = w.rng.choice(["ENABLE ALWAYS", "ENABLE REPLICA"]) if t.enabled and w.chance(0.4) else "DISABLE" if t.enabled else "ENABLE"
    t.enabled = how == "ENABLE"
    out.add(f"ALTER TABLE {t.owner.sql()} {how} TRIGGER {t.only()}")
    return True


@move(GROW, 0.5)
def create_event_trigger(w, out):
    if len(w.all("event trigger")) > 1:
        return False
    f = _routine(w, "function", "evt", [], language="internal")
    body = "\nBEGIN\n    RAISE DEBUG 'it''s %; seen', tg_tag;\nEND;\n"
    out.add(f"CREATE FUNCTION {f.sql()}() RETURNS event_trigger LANGUAGE plpgsql AS {routine_body(w.rng, body)}")
    e = w.add(Thing(w, "event trigger", w.fresh("watch"), uses=[f], enabled=True))
    out.add(f"CREATE EVENT TRIGGER {e.only()} ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE') "
            f"EXECUTE FUNCTION {f.sql()}()")
    return True


@move(CHANGE, 0.5)
def switch_event_trigger(w, out):
    e = w.pick(w.old("event trigger"))
    if not e:
        return False
    e.enabled = not e.enabled
    out.add(f"ALTER EVENT TRIGGER {e.only()} {'ENABLE' if e.enabled else 'DISABLE'}")
    return True
