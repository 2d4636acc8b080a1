# SPDX-License-Identifier: Apache-2.0
"""Has a migration taken back, answers what the file asks, and looks whether the schema is the one before."""

import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "deploy"))

from deploy_support import NO_TRANSACTION, Deployment, executor, wrapped  # noqa: E402,F401

QUESTION = re.compile(r"^-- pgratchet: unanswered (.*?): ", re.MULTILINE)


def answered(text):
    """Each question with `accepted` in place of `unanswered`."""
    return text.replace("-- pgratchet: unanswered ", "-- pgratchet: accepted ")


class Reverts(Deployment):
    def try_revert(self, version, *extra):
        return self.executor.run("revert", version, "--plan", self.plan, "--migrations", self.folder, "--shadow-url-variable",
                                 executor.URL_VARIABLE, *extra, url=self.cluster.conninfo("postgres"))

    def revert(self, version):
        """The file that is written."""
        done = self.try_revert(version).require()
        return Path(done.stdout.rstrip("\n"))

    def reverted(self, version):
        """The statements of the file that is written, and what it asks; compiled once the questions are answered."""
        path = self.revert(version)
        text = path.read_text(encoding="utf-8")
        if QUESTION.search(text):
            self.assertIn("[unanswered]", self.try_compile().require(executor.SQL_FAILED).stderr)
            path.write_text(answered(text), encoding="utf-8")
        self.compile()
        body = text[text.index("BEGIN;") + 6:text.rindex("COMMIT;")].strip() if "BEGIN;" in text else text
        return body, QUESTION.findall(text)
