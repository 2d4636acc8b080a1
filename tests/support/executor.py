# SPDX-License-Identifier: Apache-2.0
"""Runs the executor as people run it: a process, its exit code, what it prints.

PGRATCHET_EXECUTOR names the program. Connection strings go through an environment variable, never through argv.
"""

import json
import os
import subprocess
from pathlib import Path

URL_VARIABLE = "PGRATCHET_TEST_DATABASE_URL"
DEFAULT_SECONDS = 600

# Exit codes that scripts rely on.
DONE, USAGE, CONFIGURATION, STATE_REFUSES, SQL_FAILED, LOCKED, IN_DOUBT, BACKUP_FAILED = range(8)
INTERNAL_ERROR, SKIPPED = 12, 77


class ExecutorError(AssertionError):
    """The executor did not do what the test needed."""


class Result:
    def __init__(self, arguments, code, stdout, stderr):
        self.arguments, self.code, self.stdout, self.stderr = arguments, code, stdout, stderr

    def json(self):
        try:
            return json.loads(self.stdout)
        except ValueError as error:
            raise ExecutorError(f"stdout is no JSON document ({error}):\n{self}") from error

    def require(self, code=DONE):
        if self.code != code:
            raise ExecutorError(f"exit code {self.code} where {code} was expected\n{self}")
        return self

    def __str__(self):
        return (f"$ pgratchet {' '.join(self.arguments)}\nexit code {self.code}\n"
                f"--- stdout\n{self.stdout[-6000:]}\n--- stderr\n{self.stderr[-6000:]}")


class Executor:
    def __init__(self, program=None, environment=None):
        program = program or os.environ.get("PGRATCHET_EXECUTOR")
        if not program:
            raise ExecutorError("PGRATCHET_EXECUTOR is not set\n  hint: it names the pgratchet program to test")
        self.program = Path(program).resolve()
        self._environment = environment or {}

    def run(self, *arguments, url=None, timeout=DEFAULT_SECONDS, environment=None):
        """Runs it to its end. `url` is the libpq connection string that URL_VARIABLE holds."""
        arguments = [str(a) for a in arguments]
        done = subprocess.run([str(self.program), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=self.environment(url, environment), timeout=timeout,
                              text=True, encoding="utf-8", errors="replace", check=False)
        return Result(arguments, done.returncode, done.stdout, done.stderr)

    def start(self, *arguments, url=None, environment=None):
        """Starts it and gives the process, for tests of two at once and of signals."""
        return subprocess.Popen([str(self.program), *(str(a) for a in arguments)], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
                                errors="replace", env=self.environment(url, environment))

    def environment(self, url=None, more=None):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PG") or k.startswith("PGRATCHET_")}
        kept.pop(URL_VARIABLE, None)
        if url is not None:
            kept[URL_VARIABLE] = url
        return {**kept, **self._environment, **(more or {})}

    # ---- Commands ----

    def compile(self, migrations, plan, data_dir=None, probes=None, roles=(), bindir=None, shadow_url=None, extra=()):
        arguments = ["compile", "--migrations", migrations, "--plan", plan]
        if probes and Path(probes).is_dir() and any(Path(probes).iterdir()):
            arguments += ["--probes", probes]
        if data_dir:
            arguments += ["--data-dir", data_dir]
        if bindir:
            arguments += ["--pg-bindir", bindir]
        if shadow_url:
            arguments += ["--shadow-url-variable", URL_VARIABLE]
        for role in roles:
            arguments += ["--role", role]
        return self.run(*arguments, *extra, url=shadow_url)

    def on(self, command, plan, url, *extra, environment="test"):
        """A command that works on an environment."""
        return self.run(command, "--plan", plan, "--environment", environment, "--url-variable", URL_VARIABLE, *extra,
                        url=url)

    def status(self, plan, url, *extra):
        """The document of `status --format json`."""
        return self.on("status", plan, url, "--format", "json", *extra).json()

    def apply(self, plan, url, to=None, extra=()):
        return self.on("apply", plan, url, *(["--to", to] if to else []), *extra)

    def verify(self, plan, url, *extra):
        return self.on("verify", plan, url, *extra)
