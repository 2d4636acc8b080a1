# SPDX-License-Identifier: Apache-2.0
"""Migrations for the benchmark: each a table of six columns with two indexes; every few a function, a view or an ALTER.

    python3 migrations.py DIRECTORY COUNT
"""

import sys
from pathlib import Path


def _table(n):
    return (f"CREATE TABLE sample_{n} (\n"
            "    sample_id   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
            "    name        text        NOT NULL,\n"
            f"    category    text        NOT NULL DEFAULT 'kind_{n}',\n"
            "    score       integer     CHECK (score BETWEEN 0 AND 100),\n"
            "    attributes  jsonb       NOT NULL DEFAULT '{}',\n"
            "    created_at  timestamptz NOT NULL DEFAULT now()\n"
            ");\n\n"
            f"CREATE INDEX sample_{n}_name ON sample_{n} (name);\n"
            f"CREATE INDEX sample_{n}_created_at ON sample_{n} (created_at DESC) WHERE score IS NOT NULL;\n")


def _function(n):
    return (f"\nCREATE FUNCTION sample_{n}_rank(wanted integer) RETURNS bigint\n    LANGUAGE plpgsql STABLE\nAS $$\nBEGIN\n"
            f"    RETURN (SELECT count(*) FROM sample_{n} WHERE score > wanted);\nEND;\n$$;\n")


def _view(n):
    return (f"\nCREATE VIEW sample_{n}_recent AS\n    SELECT sample_id, name, upper(category) AS category, score\n"
            f"    FROM sample_{n}\n    WHERE category IN ('kind_{n}', 'other') AND score IS NOT NULL;\n")


def _alter(n):
    return (f"\nALTER TABLE sample_{n}\n    ADD COLUMN note text,\n    ADD CONSTRAINT sample_{n}_note CHECK (length(note) < 1000);\n"
            f"ALTER TABLE sample_{n} ALTER COLUMN name TYPE varchar(200);\n")


def text(n):
    body = _table(n)
    if n % 5 == 0:
        body += _function(n)
    if n % 4 == 0:
        body += _view(n)
    if n % 3 == 0 and n > 10:
        body += _alter(n - 7 if (n - 7) % 4 else n - 6)  # one without a view on it
    return f"BEGIN;\n\n{body}\nCOMMIT;\n"


def generate(directory, count):
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    width = max(3, len(str(count)))
    for n in range(1, count + 1):
        (directory / f"{n:0{width}d}_sample_{n}.sql").write_text(text(n), encoding="utf-8")
    return directory


if __name__ == "__main__":
    generate(sys.argv[1], int(sys.argv[2]))
