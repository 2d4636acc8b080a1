# SPDX-License-Identifier: Apache-2.0
"""Makes up histories of migrations: the same seed gives the same bytes.

Each history runs under plain `psql -v ON_ERROR_STOP=1 -f`, file by file, on the server it is made for, with the roles it
names. Besides the files it gives what an oracle must know: which version `locate` has to answer at each prefix. That is the
number of files, except before a trial and its revert: there, if all is schema, nothing tells "not yet" from "undone".

    python3 histories.py DIRECTORY [--count 60] [--seed 1] [--server-major 15]
"""

import argparse
import random
from pathlib import Path

from history_moves import MOVES, World
from history_moves import data, table_parts, tables, text, views
from history_moves.world import CHANGE, GROW, ORNAMENT

ROLE = "histories_app"


class HistoryFile:
    def __init__(self, number, width, description, kind):
        self.version = f"{number:0{width}d}"
        self.name = f"{self.version}_{description}.sql"
        self.kind = kind  # "schema", "data", "no-transaction", "trial" or "revert"
        self.statements = []  # (text, moves data)
        self.probe = None

    def add(self, statement, data=False):
        self.statements.append((statement, data))

    @property
    def moves_data(self):
        return any(data for _, data in self.statements)


class History:
    def __init__(self, directory, server_major):
        self.directory, self.server_major = Path(directory), server_major
        self.files, self.roles, self.same_as = [], [ROLE], {}

    @property
    def probes(self):
        return self.directory / "probes"

    @property
    def paths(self):
        return [self.directory / f.name for f in self.files]

    def located_at(self, k):
        """How many files `locate` has to count on a database with exactly the first k."""
        later_of = {earlier: later for later, earlier in self.same_as.items()}
        while k in later_of:
            k = later_of[k]
        return k


# ---- Kinds of files -------------------------------------------------------------------

def _play(world, out, kinds, times):
    """Up to that many moves of these kinds; False if none found anything to do."""
    usable = [m for m in MOVES if m[0] in kinds and world.server_major >= m[2]]
    played = 0
    for _ in range(times * 12):
        if played == times:
            break
        function = world.rng.choices(usable, [m[1] for m in usable])[0][3]
        if function(world, out):
            played += 1
    return played > 0


def _schema_file(world, out):
    rng = world.rng
    if world.file_number == 1:
        for _ in range(3):
            out.add(tables.simple_table(world)[1])
        return
    if world.file_number % 23 == 2:
        schema = world.add(data.Thing(world, "schema", world.fresh("area")))
        out.add(f"CREATE SCHEMA {'IF NOT EXISTS ' if rng.random() < 0.3 else ''}{schema.sql()}")
    if world.file_number % 31 == 5:
        out.add(f"CREATE EXTENSION IF NOT EXISTS {rng.choice(['pg_trgm', 'btree_gist', 'citext', 'pgcrypto'])} WITH SCHEMA public")
    _play(world, out, {GROW}, rng.randrange(1, 4))
    _play(world, out, {CHANGE, GROW}, rng.randrange(0, 3))
    if rng.random() < 0.25:
        table = world.pick(world.old("table", where=lambda t: data.writable(world, t)))
        if table and not any(table.sql() in s for s, _ in out.statements):
            data.insert(world, out, table)
            out.add("SET CONSTRAINTS ALL IMMEDIATE")  # or a later ALTER meets pending trigger events
    _play(world, out, {ORNAMENT}, rng.randrange(0, 3))


def _data_file(world, out):
    out.probe = data.move_data(world, out)
    return out.probe is not None


def _loose_file(world, out):
    """What cannot run in a transaction. Each statement but VACUUM leaves a trace of its own."""
    rng = world.rng
    partition = world.pick(world.old("partition", where=lambda p: not p.pinned))
    enum = world.pick(world.old("enum"))
    index = world.pick(world.old("index", where=lambda i: i.owner.kind == "table" and not i.owner.partitioned))
    if partition and world.server_major >= 14 and rng.random() < 0.25:
        out.add(f"ALTER TABLE {partition.owner.sql()} DETACH PARTITION {partition.sql()} CONCURRENTLY")
        world.forget([partition])
        return True
    if enum and rng.random() < 0.25:
        label = f"loose {world.number()}"
        enum.labels.append(label)
        out.add(f"ALTER TYPE {enum.sql()} ADD VALUE {text.string(rng, label)}")
        return True
    if index and rng.random() < 0.3:
        out.add(f"DROP INDEX CONCURRENTLY {index.sql()}")
        world.forget([index])
    for _ in range(rng.randrange(1, 4)):
        table = world.pick(world.old("table", where=lambda t: not t.partitioned))
        sql = table and table_parts.index_sql(world, table, concurrently=True)
        if sql:
            if rng.random() < 0.3:
                out.add(f"VACUUM (ANALYZE) {table.sql()}")
            out.add(sql)
    return any(not s.startswith("VACUUM") for s, _ in out.statements)


# ---- A file and the next one that takes it back -------------------------------------------

def _try_table(world, out, undo):
    made, undone = data.throwaway_table(world)
    for statement in made:
        out.add(statement)
    for statement in undone:
        undo.add(statement)
    return True


def _try_rename(world, out, undo):
    t = world.pick(world.old("table", where=lambda t: not t.pinned))
    if not t:
        return False
    name = text.ident(world.fresh("other"))
    out.add(f"ALTER TABLE {t.sql()} RENAME TO {name}")
    undo.add(f"ALTER TABLE {text.ident(t.schema.name)}.{name} RENAME TO {t.only()}")
    return True


def _try_function(world, out, undo):
    f = world.pick(world.old("function", where=lambda f: f.language == "plpgsql" and f.tail and not world.users(f)))
    if not f:
        return False
    out_tail = "\n".join(["(a integer, \"Second; arg\" text DEFAULT 'it''s; b')", "    RETURNS text LANGUAGE plpgsql AS",
                          text.dollar(world.rng, f"\nBEGIN\n    RETURN 'tried {world.number()}';\nEND;\n")])
    out.add(f"CREATE OR REPLACE FUNCTION {f.sql()}{out_tail}")
    undo.add(f"CREATE OR REPLACE FUNCTION {f.sql()}{f.tail}")
    return True


def _try_view(world, out, undo):
    view = world.pick(world.old("view", where=lambda v: v.source is not None and v.options == ""))
    if not view:
        return False
    undo.add(f"CREATE OR REPLACE VIEW {view.sql()} AS\n{views.view_select(view)}")
    kept, view.filter = view.filter, f"{{c}} IS NULL AND {world.number()} > 0"
    out.add(f"CREATE OR REPLACE VIEW {view.sql()} AS\n{views.view_select(view)}")
    view.filter = kept
    return True


def _trial(world, out, undo):
    """Fills both. Sometimes data work stands between, and a probe with it."""
    if world.rng.random() < 0.3:
        out.probe = undo.probe = data.move_data(world, out)  # the rows stay when the schema goes back
        out.add("SET CONSTRAINTS ALL IMMEDIATE")
    tries = [_try_table, _try_table, _try_rename, _try_function, _try_view]
    while not world.rng.choice(tries)(world, out, undo):
        pass


# ---- Files as text ---------------------------------------------------------------------

_SETTINGS = ["SET search_path TO ''", "SET LOCAL lock_timeout = '30s'", "SET statement_timeout TO 0", "SET search_path = pg_catalog, public",
             "SET LOCAL client_min_messages TO warning", "SET DateStyle = 'German, DMY'", "SET check_function_bodies = off",
             "SET TIME ZONE 'Asia/Tokyo'", "SET LOCAL IntervalStyle = 'iso_8601'", "SET quote_all_identifiers = on"]


def _render(rng, file):
    begin, commit = rng.choice([("BEGIN", "COMMIT")] * 6 + [("BEGIN WORK", "COMMIT WORK"), ("START TRANSACTION", "COMMIT"), (
        "begin transaction", "end"), ("BEGIN ISOLATION LEVEL SERIALIZABLE", "END TRANSACTION"), ("BEGIN READ WRITE", "commit")])
    loose = file.kind == "no-transaction"
    lines = ["-- pgratchet: no-transaction\n" if loose else ""]
    if rng.random() < 0.6:
        lines.append(text.comment(rng))
    if not loose:
        lines.append(f"{begin};\n")
        if "ISOLATION" not in begin and rng.random() < 0.05:
            lines.append("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;\n")
    if file.kind == "schema" and rng.random() < 0.25:
        lines.append(f"{rng.choice(_SETTINGS)};\n")
    for statement, _ in file.statements:
        if rng.random() < 0.3:
            lines.append("\n" + text.comment(rng))
        lines.append(statement + rng.choice([";\n", ";\n", ";\n\n", " ;\n", "\n;\n", "; -- done; it's\n", "; "]))
    lines.append("" if loose else f"\n{commit};\n")
    if rng.random() < 0.15:
        lines.append(text.comment(rng))
    whole = "".join(lines)
    if rng.random() < 0.07:
        whole = whole.replace("\n", "\r\n")
    if rng.random() < 0.05:
        whole = "\ufeff" + whole
    return whole.encode("utf-8")


def _describe(file):
    words = [w.lower() for w in "".join(c if c.isascii() and c.isalpha() else " " for c in file.statements[0][0]).split()[:2]]
    return "_".join([file.kind.replace("-", "_"), *words])


def _write(history, file, rng):
    file.name = f"{file.version}_{_describe(file)}.sql"
    (history.directory / file.name).write_bytes(_render(rng, file))
    if file.probe:
        history.probes.mkdir(exist_ok=True)
        (history.probes / f"{file.version}_rows_arrived.sql").write_text(f"-- it's a probe;\n{file.probe};\n", encoding="utf-8")
    history.files.append(file)


def generate(directory, count, seed, server_major):
    """Writes `count` migrations and their probes into an empty folder and gives the History."""
    history = History(directory, server_major)
    history.directory.mkdir(parents=True, exist_ok=True)
    rng = random.Random(f"{seed}/{server_major}")
    world = World(rng, server_major, ROLE)
    width = max(3, len(str(count)))

    def start(kind):
        world.file_number += 1
        return HistoryFile(world.file_number, width, "", kind)

    while world.file_number < count:
        dice = rng.random()
        left = count - world.file_number
        if dice < 0.07 and left >= 2 and world.file_number > 3:
            tried = start("trial")
            undo = HistoryFile(world.file_number + 1, width, "", "revert")
            _trial(world, tried, undo)
            world.file_number += 1
            if not tried.moves_data:
                history.same_as[world.file_number] = world.file_number - 2
            _write(history, tried, rng)
            _write(history, undo, rng)
            continue
        file = start("schema")
        if dice < 0.19 and world.file_number > 1 and _data_file(world, file):
            file.kind = "data"
        elif 0.19 <= dice < 0.29 and world.file_number > 1 and _loose_file(world, file):
            file.kind = "no-transaction"
        else:
            file.statements.clear()
            _schema_file(world, file)
        _write(history, file, rng)
    return history


def main():
    parser = argparse.ArgumentParser(description="Writes a made-up history of migrations.")
    parser.add_argument("directory")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--server-major", type=int, default=15)
    given = parser.parse_args()
    history = generate(given.directory, given.count, given.seed, given.server_major)
    kinds = {}
    for f in history.files:
        kinds[f.kind] = kinds.get(f.kind, 0) + 1
    print(f"{len(history.files)} migrations in {given.directory}: {kinds}")


if __name__ == "__main__":
    main()
