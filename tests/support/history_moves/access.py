# SPDX-License-Identifier: Apache-2.0
"""Row security, policies and privileges."""

from .text import standard
from .world import CHANGE, GROW, ORNAMENT, Thing, move
from .types import routine_name


@move(GROW, 3)
def create_policy(w, out):
    table = w.pick(w.old("table", where=lambda t: not t.family))
    if not table:
        return False
    key = w.key(table)
    command = w.rng.choice(["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"])
    using = f"\n    USING ({key.only()} > {w.rng.randrange(9)} OR current_user <> {standard('no; one')})" if command != "INSERT" else ""
    check = f"\n    WITH CHECK ({key.only()} IS NOT NULL)" if command in ("ALL", "INSERT", "UPDATE") else ""
    who = w.rng.choice(["PUBLIC", w.role, f"{w.role}, CURRENT_USER"])
    p = w.add(Thing(w, "policy", w.fresh("policy"), owner=table, uses=[key], command=command))
    out.add(f"CREATE POLICY {p.only()} ON {table.sql()} AS {w.rng.choice(['PERMISSIVE', 'RESTRICTIVE'])} FOR {command} TO {who}{using}{check}")
    if w.chance(0.6):
        out.add(f"ALTER TABLE {table.sql()} ENABLE ROW LEVEL SECURITY")
    return True


@move(GROW)
def alter_policy(w, out):
    p = w.pick(w.old("policy", where=lambda p: p.command != "INSERT"))
    if not p:
        return False
    out.add(f"ALTER POLICY {p.only()} ON {p.owner.sql()} USING ({w.key(p.owner).only()} <> {w.number()})")
    return True


@move(CHANGE)
def force_row_security(w, out):
    table = w.pick(w.old("table", where=lambda t: not t.family))
    if not table:
        return False
    out.add(f"ALTER TABLE {table.sql()} {w.rng.choice(['FORCE', 'NO FORCE', 'DISABLE', 'ENABLE'])} ROW LEVEL SECURITY")
    return True


@move(ORNAMENT, 4)
def grant(w, out):
    t = w.pick(w.all("table", "view", "matview", "sequence", "schema", "function", "enum", "domain"))
    if not t:
        return False
    if t.kind in ("table", "view", "matview"):
        what, rights = t.sql(), w.rng.choice(["SELECT", "SELECT, INSERT", "ALL", "REFERENCES"])
        if t.kind == "table" and w.chance(0.3):
            rights = f"UPDATE ({w.key(t).only()})"
    elif t.kind == "function":
        what, rights = f"FUNCTION {routine_name(t)}", "EXECUTE"
    else:
        what = f"{'TYPE' if t.kind in ('enum', 'domain') else t.kind.upper()} {t.sql()}"
        rights = "USAGE"
    who = w.rng.choice([w.role, w.role, "PUBLIC"])
    option = " WITH GRANT OPTION" if who != "PUBLIC" and w.chance(0.2) else ""
    out.add(f"GRANT {rights} ON {what} TO {who}{option}")
    return True


@move(ORNAMENT, 2)
def revoke(w, out):
    t = w.pick(w.all("function", "table"))
    if not t:
        return False
    if t.kind == "function":
        out.add(f"REVOKE ALL ON FUNCTION {routine_name(t)} FROM PUBLIC")
    else:
        out.add(f"REVOKE ALL ON {t.sql()} FROM {w.role}, PUBLIC")
    return True


@move(ORNAMENT)
def default_privileges(w, out):
    where = "" if w.chance(0.5) else f" IN SCHEMA {w.some_schema().sql()}"
    what = w.rng.choice(["SELECT ON TABLES", "EXECUTE ON FUNCTIONS", "USAGE ON SEQUENCES", "USAGE ON TYPES"])
    out.add(f"ALTER DEFAULT PRIVILEGES{where} GRANT {what} TO {w.role}")
    return True


@move(ORNAMENT)
def change_owner(w, out):
    t = w.pick(w.old("sequence", "enum", "function"))
    if not t:
        return False
    name = routine_name(t) if t.kind == "function" else t.sql()
    out.add(f"ALTER {'TYPE' if t.kind == 'enum' else t.kind.upper()} {name} OWNER TO {w.role}")
    return True
