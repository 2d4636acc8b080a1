# SPDX-License-Identifier: Apache-2.0
"""Writes the large seeds of the fuzz targets: python3 seeds.py FOLDER. They are a line each here and megabytes there.

All of them once cost a parser its stack, the square of their length, or more memory than they are worth.
"""

import json
import sys
from pathlib import Path

BOM = b"\xef\xbb\xbf"


def wrapped(statement):
    return b"BEGIN;\n" + statement + b";\nCOMMIT;\n"


def view(expression):
    return wrapped(b"CREATE VIEW v AS SELECT " + expression)


SCRIPTS = {
    "terms": view(b"1" + b"+1" * 100_000),
    "terms_of_data": wrapped(b"SELECT 1" + b"+1" * 100_000),
    "parentheses": view(b"(" * 50_000 + b"1" + b")" * 50_000),
    "unclosed_parentheses": view(b"(" * 100_000),
    "brackets": view(b"a" + b"[" * 50_000 + b"1" + b"]" * 50_000),
    "unions": view(b"1" + b" UNION SELECT 1" * 50_000),
    "negations": view(b"NOT " * 50_000 + b"true"),
    "signs": view(b"- " * 50_000 + b"1"),
    "operator_run": view(b"1 " + b"+" * 500_000 + b" 1"),
    "casts": view(b"a" + b"::int" * 50_000),
    "cases": view(b"CASE WHEN a THEN " * 20_000 + b"1" + b" END" * 20_000),
    "subqueries": view(b"(SELECT " * 20_000 + b"1" + b")" * 20_000),
    "joins": view(b"1 FROM a" + b" NATURAL JOIN a" * 50_000),
    "calls": view(b"f(" * 30_000 + b")" * 30_000),
    "columns": wrapped(b"CREATE TABLE t (" + b",".join(b"c%d int" % i for i in range(50_000)) + b")"),
    "actions": wrapped(b"ALTER TABLE t " + b",".join(b"ADD c%d int" % i for i in range(50_000))),
    "comments": wrapped(b"CREATE VIEW v AS " + b"/*" * 40_000 + b"*/" * 40_000 + b" SELECT 1"),
    "comments_with_blanks": wrapped(b"CREATE VIEW v AS " + b"/* " * 40_000 + b"*/ " * 40_000 + b" SELECT 1"),
    "unclosed_comments": b"/*" * 500_000,
    "banner": wrapped(b"CREATE VIEW v /" + b"*" * 500_000 + b"/ AS SELECT 1"),
    "dollar_signs": wrapped(b"SELECT $a$" + b"$" * 500_000 + b"$a$"),
    "dollar_tags": wrapped(b"SELECT " + b"$a" * 200_000),
    "dollar_body": wrapped(b"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$" + b"-- ;'\n" * 200_000 + b"$$"),
    "atomic_bodies": wrapped(b"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC " + b"CASE " * 50_000 + b"END; END"),
    "quotes": wrapped(b"SELECT " + b"'" * 500_001),
    "name": wrapped(b'CREATE TABLE "' + "ä".encode() * 300_000 + b'" ()'),
    "word": wrapped(b"CREATE TABLE " + b"a" * 1_000_000 + b" ()"),
    "semicolons": b"BEGIN;" + b";" * 1_000_000 + b"COMMIT;",
    "statements": b"BEGIN;\n" + b"INSERT INTO t VALUES (1, 'it''s');\n" * 20_000 + b"COMMIT;\n",
    "begins": b"BEGIN;" * 100_000,
    "backslashes": b"\\" * 500_000,
    "backslash_lines": b"\\x\n" * 200_000,
    "copies": b"COPY t FROM stdin;\n" * 20_000,
    "copy_data": b"COPY t FROM stdin;\n" + b"1\t2\n" * 200_000 + b"\\.\n",
    "directives": b"-- pgratchet: no-transaction\n" * 50_000,
    "lines": b"\r\n" * 500_000,
    "marks": BOM * 100_000,
    "nuls": b"\0" * 500_000,
    "utf16": "BEGIN; SELECT 1; COMMIT;".encode("utf-16") * 1000,
    "bad_utf8": wrapped(b"SELECT '" + b"\xc3" * 300_000 + b"'"),
}


def plan(**fields):
    base = {"format": "pgratchet plan", "format_version": 1, "server_version": 150018, "migrations_directory": "m",
            "job_managed_partitions": [], "search_path": "public", "roles": [], "ignored": [], "initial": [],
            "migrations": [], "probes": []}
    return json.dumps({**base, **fields}).encode()


def nested(depth):
    return "[" * depth + "]" * depth


def migration(k, **fields):
    return {"version": f"{k:04d}", "file": f"{k:04d}_a.sql", "sha256": "0" * 64, "transaction": True, "schema_only": True,
            "effect": [{"kind": "table", "identity": f"public.t{k}", "attributes": {"owner": "o"}}], **fields}


def with_nesting(depth, **fields):
    """A plan with the word DEEP in some field replaced by arrays within arrays."""
    return plan(**fields).replace(b'"DEEP"', nested(depth).encode())


PLANS = {
    "arrays": nested(500_000).encode(),
    "objects": b'{"a":' * 300_000,
    "deep_field": with_nesting(300_000, more="DEEP"),
    "deep_format": with_nesting(300_000, format="DEEP"),
    "deep_statements": with_nesting(300_000, migrations=[migration(1, statements="DEEP")]),
    "deep_effect": with_nesting(300_000, migrations=[migration(1, effect="DEEP")]),
    "deep_attribute": with_nesting(300_000, migrations=[migration(1, effect=[{"kind": "a", "identity": "b", "attributes": {"c": "DEEP"}}])]),
    "deep_roles": with_nesting(300_000, roles=["DEEP"]),
    "migrations": plan(migrations=[migration(k) for k in range(1, 5001)]),
    "one_object_changed": plan(migrations=[migration(k, effect=[
        {"kind": "table", "identity": "public.t", "attributes": {"owner": "o", "persistence": str(k)}}]) for k in range(1, 3001)]),
    "effects": plan(migrations=[migration(1, effect=[{"kind": "table", "identity": f"t{i}", "dropped": i % 2 == 1} for i in range(30_000)])]),
    "wildcards": plan(ignored=[{"kind": "*", "identity": "*a" * 2000 + "b", "attribute": "*", "reason": "r"}],
                      migrations=[migration(1, effect=[{"kind": "table", "identity": "a" * 20_000}])]),
    "string": plan(search_path="x" * 2_000_000),
    "escapes": plan(search_path="\u0001" * 300_000),
    "number": plan().replace(b"150018", b"1" * 500_000),
    "exponent": plan().replace(b"150018", b"1e300"),
}


RECEIPTS = {
    "arrays": nested(500_000).encode(),
    "objects": b'{"a":' * 300_000,
    "deep_drift": b'{"format": "pgratchet backup", "format_version": 1, "accepted_drift": ' + nested(300_000).encode() + b"}",
    "deep_but_short": b'{"format": "pgratchet backup", "format_version": ' + nested(30_000).encode() + b"}",
    "string": b'{"format": "' + b"x" * 2_000_000 + b'"}',
    "number": b'{"format": "pgratchet backup", "format_version": ' + b"1" * 60_000 + b"}",
}


def definition(kind, attribute, left, right=b""):
    return kind + b"\n" + attribute + b"\n" + left + b"\0" + right


DEFINITIONS = {
    "terms": definition(b"column", b"default", b"1" + b"+1" * 32_000, b"1" + b"+2" * 32_000),
    "longer_than_read": definition(b"column", b"default", b"1" + b"+1" * 100_000, b"2"),
    "parentheses": definition(b"policy", b"using", b"(" * 30_000 + b"a" + b")" * 30_000, b"a"),
    "comments": definition(b"view", b"definition", b"/*" * 30_000, b"SELECT 1"),
    "joins": definition(b"view", b"definition", b"SELECT 1 FROM a" + b" NATURAL JOIN a" * 4000, b"SELECT 2"),
    "unions": definition(b"view", b"definition", b"SELECT 1" + b" UNION SELECT 1" * 4000, b"SELECT 2"),
    "operator_run": definition(b"column", b"default", b"1 " + b"+" * 60_000 + b" 1", b"1"),
    "array": definition(b"table constraint", b"definition", b"CHECK (a = ANY (ARRAY[" + b"'x'::text, " * 5000 + b"'y'::text]))",
                        b"CHECK (a = ANY (ARRAY['y']))"),
}


def main():
    folder = Path(sys.argv[1])
    for name, seeds in (("script", SCRIPTS), ("plan", PLANS), ("receipt", RECEIPTS), ("definition", DEFINITIONS)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for old in (folder / name).iterdir():
            old.unlink()
        for seed, content in seeds.items():
            (folder / name / seed).write_bytes(content)


if __name__ == "__main__":
    main()
