# SPDX-License-Identifier: Apache-2.0
"""SQL as text: names and strings in every kind of quoting that PostgreSQL has."""

import re

_KEYWORDS = {"all", "user", "table", "select", "order", "check", "default", "end", "from", "group", "to", "in", "on"}

# Each holds the number that makes it unique. Weights: plain names are the usual case.
_NAME_FORMS = ["{w}_{n}"] * 12 + [
    "{w} {n}", "{w}-{n}", "{W}{n}Mixed", "{w};{n}", "quo\"te_{n}", "it's_{n}", "döner_{n}", "日本_{n}", "a.b_{n}",
    "dollar$${n}", "select {n}", "100% {w} {n}", "back\\slash_{n}", "emoji🐘{n}", "{w}_" + "x" * 44 + "_{n}"]


def fresh_name(rng, word, number):
    return rng.choice(_NAME_FORMS).format(w=word, W=word.capitalize(), n=number)


def ident(name):
    """A name as SQL writes it: quoted only where it must be."""
    if re.fullmatch(r"[a-z_][a-z0-9_]*", name) and name not in _KEYWORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def dollar(rng, body):
    tags = [t for t in ("$$", "$body$", "$_$", "$fn_1$", "$Ünï$", "$a$") if t not in body and not body.endswith("$")]
    tag = rng.choice(tags or ["$no_such_tag_inside$"])
    return f"{tag}{body}{tag}"


def standard(body):
    return "'" + body.replace("'", "''") + "'"


def escaped(body):
    return "E'" + body.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"


def unicode_escaped(body):
    coded = "".join(c if c.isascii() and c not in "\\" else f"\\+{ord(c):06X}" for c in body)
    return "U&'" + coded.replace("'", "''") + "'"


def string(rng, body):
    """A string constant in one of the five notations."""
    kind = rng.randrange(6)
    if kind == 0:
        return dollar(rng, body)
    if kind == 1:
        return escaped(body)
    if kind == 2 and "\n" not in body:
        return unicode_escaped(body)
    return standard(body)


_REMARKS = ["plain words", "it's; not a statement", "an \"odd\" remark with ' and ;", "$$ no body; $$", "größer; 日本; ✓",
            "BEGIN; COMMIT; -- not ours", "back\\slash \\' and E'\\''", "/* not nested", "'unbalanced"]


def remark(rng):
    return rng.choice(_REMARKS)


def comment(rng):
    """An SQL comment between statements."""
    kind = rng.randrange(4)
    inner = remark(rng)
    if kind == 0:
        return f"-- {inner}\n"
    if kind == 1:
        return f"/* {inner.replace('/*', '')} */\n"
    if kind == 2:
        return f"/* outer; /* {inner.replace('/*', '')} */ still ' outer */\n"
    return f"-- {inner}\n\n--\n-- {remark(rng)}\n"


_PLPGSQL_LINES = [
    "v := 'it''s; a \"test\"';",
    "v := v || $q$nested ' ; $q$;",
    "-- a remark with ' and ; in it",
    "/* several; 'lines'\n       of remark */",
    "PERFORM 1;",
    "IF v IS NULL THEN RETURN E'\\'esc;\\\\'; END IF;",
    "FOR i IN 1..3 LOOP v := v || i::text; END LOOP;",
    "EXECUTE format('SELECT %L || $x$;$x$', v) INTO v;",
    "BEGIN v := v || ''; EXCEPTION WHEN others THEN NULL; END;",
    "CASE WHEN length(v) > 3 THEN v := lower(v); ELSE NULL; END CASE;",
    "v := v || U&'d\\00F6ner';",
    "RAISE DEBUG 'v is %; done', v USING HINT = 'none; at all';",
]


def plpgsql_body(rng, result="v"):
    lines = rng.sample(_PLPGSQL_LINES, rng.randrange(1, 6))
    joined = "\n    ".join(lines)
    return f"\nDECLARE\n    v text := 'x';\nBEGIN\n    {joined}\n    RETURN {result};\nEND;\n"


def routine_body(rng, body):
    """The AS clause of a function."""
    kind = rng.randrange(6)
    if kind == 0:
        return standard(body)
    if kind == 1:
        return escaped(body)
    return dollar(rng, body)
