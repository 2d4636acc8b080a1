# SPDX-License-Identifier: Apache-2.0
"""Validates SARIF documents against the published schema of version 2.1.0.

The schema and a validator come from npm (@microsoft/jest-sarif, which carries both) when a test asks for them, into
the folder that PGRATCHET_TEST_CACHE names, once; they are no part of this project.
"""

import os
import subprocess
import tempfile
from pathlib import Path

PACKAGE = "@microsoft/jest-sarif"
SCRIPT = """
const fs = require('fs');
const schema = JSON.parse(fs.readFileSync(process.argv[1]));
const Ajv = require('ajv');
const ajv = new Ajv({schemaId: 'auto', allErrors: true, format: 'full', meta: !/draft-04/.test(schema.$schema)});
if (/draft-04/.test(schema.$schema)) ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json'));
if (!ajv.validate(schema, JSON.parse(fs.readFileSync(0)))) {
  console.log(ajv.errorsText(ajv.errors, {separator: '\\n'}));
  process.exit(3);
}
"""


class NotValid(AssertionError):
    """The document breaks the schema; the text says where."""


def _installed():
    """The folder with node_modules in it."""
    cache = Path(os.environ.get("PGRATCHET_TEST_CACHE") or Path(tempfile.gettempdir()) / "pgratchet-test-cache")
    place = cache / "sarif"
    if not (place / "node_modules" / PACKAGE / "lib").is_dir():
        place.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(["npm", "install", "--silent", "--prefix", str(place), PACKAGE], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"npm install {PACKAGE}: exit {done.returncode}\n{done.stdout}")
    return place


def validate(document):
    """Throws NotValid."""
    place = _installed()
    schema = next((place / "node_modules" / PACKAGE).rglob("sarif-2.1.0*.json"))
    done = subprocess.run(["node", "-e", SCRIPT, str(schema)], cwd=place, input=document, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, encoding="utf-8", timeout=60, check=False)
    if done.returncode == 3:
        raise NotValid(done.stdout)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
