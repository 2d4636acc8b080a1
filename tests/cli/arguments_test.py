# SPDX-License-Identifier: Apache-2.0
"""Help, and every way to get the command line wrong: exit 1, one message, a hint, nothing on stdout."""

import re
import unittest

from cli_support import CommandLine

COMMANDS = ["init", "new", "revert", "freeze", "compile", "status", "diff", "apply", "backup", "rehearse", "restore", "verify", "bundle", "key", "sign", "server"]
CONNECTION = ["--plan", "x", "--environment", "prod", "--url-variable", "SOME_URL"]
SECRET_URL = "postgresql://deployer:hunter2@db.example/app"

HELP = """\
pgratchet: PostgreSQL migrations as a build

Usage:
  pgratchet COMMAND [options]

Commands:
  init       write a new project
  new        write the next migration
  revert     write a migration that takes another one back
  freeze     pin the migrations that must not change any more
  compile    replay the migrations on a throwaway server and write the plan
  status     say where an environment stands
  diff       say what lies between two versions, or an environment and a version
  explain    say what a migration locks, rewrites and scans
  apply      bring an environment up to a version
  backup     make a verified backup of an environment
  rehearse   apply what is pending to a copy of an environment's backup
  restore    put an environment back to the state of a backup
  verify     check the live schema against the plan
  bundle     check a bundle, compare two, or complete the folder of one
  key        make a pair of keys for signing bundles
  sign       sign a bundle
  server     start and stop a local server

Each command has its own --help. Exit codes: 0 done, 1 usage, 2 configuration or connection,
3 state refuses, 4 SQL failed and was rolled back, 5 locked by another deployer or a lock timeout,
6 commit in doubt, 7 backup or restore failed, 12 internal error, 77 skipped, 129 ended by SIGHUP,
130 ended by SIGINT, 143 ended by SIGTERM.
"""

STATUS_HELP = """\
Says which migrations have landed, from the live catalog alone. Changes nothing.
Usage:
  pgratchet status --plan FILE --environment NAME (--url-variable VAR | --local DIR) [--format text|json]
  pgratchet status --history --plan FILE --environment NAME [--receipts-dir DIR] [--format text|json]

  -h, --help                    print this help
      --plan FILE               the compiled plan
      --format FORMAT           text (default) or json
      --history                 show what was done to the environment instead: its receipts, oldest 
                                first
      --receipts-dir DIR        with --history: where receipts are kept (default: 
                                ~/.local/state/pgratchet)
      --environment NAME        name of the environment, for messages and receipts
      --url-variable VAR        environment variable that holds the connection string
      --local DIR               folder of a local server instead; started on demand
      --database NAME           database on the local server, made on demand
      --pg-bindir DIR           where initdb and pg_ctl of the local server are, and pg_dump
      --wait-for TIME           how long to wait for a server that is away (default: not at all)
      --expect-database NAME    refuse any other database than this one
      --expect-system-identifier NUMBER
                                refuse any other server: what pg_control_system() gives
      --protected               somebody's work depends on this environment: warn more
      --tls RULE                to another machine without sslmode verify-full: warn, require 
                                (refuse) or off
      --trusted-key FILE        accept only bundles signed by a key of this file
      --end-with-build          stop when the cmake, ninja or make that runs this does
"""

# The options of each command: a new one has to be written down here, and in its help.
CONNECTION_OPTIONS = {"end-with-build", "expect-database", "expect-system-identifier", "protected", "tls", "wait-for"}
BACKUP = {"backup", "backup-compress", "backup-dir", "backup-format", "backup-jobs", "no-space-check"}
OPTIONS = {
    "compile": {"baseline", "baseline-schema", "data-dir", "end-with-build", "format", "help", "ignore", "job-managed-partitions", "list-warnings",
                "migrations", "no-warn", "pg-bindir", "plan", "probes", "role", "runtime-privileges", "runtime-role", "search-path", "shadow-url-variable", "warn",
                "warn-frozen", "werror"},
    "new": {"baseline", "description-variable", "help", "migrations", "no-transaction"},
    "revert": {"data-dir", "help", "migrations", "pg-bindir", "plan", "shadow-url-variable"},
    "freeze": {"accept-layout", "baseline", "help", "migrations"},
    "diff": {"database", "environment", "format", "from", "help", "local", "pg-bindir", "plan", "to", "trusted-key", "url-variable"} | CONNECTION_OPTIONS,
    "status": {"database", "environment", "format", "help", "history", "local", "pg-bindir", "plan", "receipts-dir", "trusted-key", "url-variable"} | CONNECTION_OPTIONS,
    "apply": {"accept-drift", "assume", "database", "dry-run", "environment", "help", "local", "lock-retries", "lock-timeout", "no-preflight", "patience",
              "pg-bindir", "plan", "receipts-dir", "to", "trusted-key", "url-variable"} | CONNECTION_OPTIONS | BACKUP,
    "verify": {"database", "environment", "help", "local", "only", "pg-bindir", "plan", "report", "save", "trusted-key", "url-variable"} | CONNECTION_OPTIONS,
    "backup": {"backup-dir", "compress", "database", "environment", "format", "help", "jobs", "local", "no-space-check", "patience", "pg-bindir",
               "plan", "receipts-dir", "trusted-key", "url-variable"} | CONNECTION_OPTIONS,
    "rehearse": {"backup-dir", "compress", "data-dir", "database", "environment", "format", "from", "help", "jobs", "local", "new-backup", "no-space-check",
                 "pg-bindir", "plan", "receipts-dir", "restore-jobs", "shadow-url-variable", "trusted-key", "url-variable"} | CONNECTION_OPTIONS,
    "restore": {"confirm", "confirm-variable", "database", "environment", "from", "from-another-database", "from-variable", "help", "jobs", "keep-as", "local",
                "no-space-check", "patience", "pg-bindir", "plan", "receipts-dir", "trusted-key", "url-variable"} | CONNECTION_OPTIONS,
    "explain": {"format", "help", "plan"},
    "init": {"help", "name"},
    "bundle": {"environment", "help", "name", "plan", "presets", "project-version", "source-revision", "target-prefix", "trusted-key",
               "url-variable"},
    "key": {"help"},
    "sign": {"help", "key", "key-variable"},
    "server": {"data-dir", "database", "help", "pg-bindir"},
}


class Help(CommandLine):
    def test_help(self):
        for arguments in (["--help"], ["-h"], ["help"]):
            self.expect(arguments, 0, HELP)

    def test_version(self):
        done = self.run_it("--version")
        self.assertRegex(done.stdout, r"\Apgratchet \d+\.\d+\.\d+\n\Z")
        self.assertEqual((done.code, done.stderr), (0, ""))

    def test_status_help(self):
        self.expect(["status", "--help"], 0, STATUS_HELP)

    def test_help_of_each_command(self):
        for command in COMMANDS:
            with self.subTest(command):
                done = self.run_it(command, "--help")
                self.assertEqual((done.code, done.stderr), (0, ""))
                self.assertIn(f"\nUsage:\n  pgratchet {command} ", done.stdout)
                self.assertEqual(set(re.findall(r"^ +(?:-\w, )?--([a-z-]+)", done.stdout, re.MULTILINE)), OPTIONS[command])
                self.assertLessEqual(max(map(len, done.stdout.splitlines())), 120)

    def test_optional_value(self):
        said = self.run_it("compile", "--help").stdout
        self.assertRegex(said, r"\n      --werror\[=NAME\] +make all warnings errors")

    def test_help_of_a_command(self):
        self.expect(["help", "status"], 0, STATUS_HELP)
        self.expect_error(["help", "frob"], 1, "there is no command 'frob'", "see: pgratchet --help")

    def test_help_wins_over_what_is_missing(self):
        self.expect(["status", "--plan", "x", "--help"], 0, STATUS_HELP)


class Wrong(CommandLine):
    def refused(self, arguments, message, hint=None):
        self.expect_error(arguments, 1, message, hint)

    def see(self, arguments, message):
        self.refused(arguments, f"{arguments[0]}: {message}", f"see: pgratchet {arguments[0]} --help")

    def test_apply_says_how_an_object_is_named(self):
        said = " ".join(self.run_it("apply", "--help").require().stdout.split())
        self.assertIn("--accept-drift OBJECT let the drift of this object pass: 'KIND IDENTITY', or the identity alone (may be repeated)", said)

    def test_no_command(self):
        self.refused([], "no command is given", "see: pgratchet --help")

    def test_unknown_command(self):
        self.refused(["frob"], "there is no command 'frob'", "see: pgratchet --help")

    def test_unknown_option(self):
        for command in COMMANDS:
            self.see([command, "--frob"], "Option ‘frob’ does not exist")

    def test_options_are_not_abbreviated(self):
        self.see(["status", "--pla", "x"], "Option ‘pla’ does not exist")

    def test_option_without_value(self):
        self.see(["status", "--plan"], "Option ‘plan’ is missing an argument")

    def test_unexpected_argument(self):
        for command in ("compile", "status", "apply", "verify"):
            self.see([command, "extra"], "unexpected argument 'extra'")

    def test_duplicate_option(self):
        for option in ("--plan", "--environment", "--url-variable"):
            name = option[2:]
            self.refused(["status", *CONNECTION, option, "AGAIN"], f"status: --{name} is given 2 times")
        self.refused(["apply", *CONNECTION, "--to", "001", "--to", "002"], "apply: --to is given 2 times")

    def test_missing_options(self):
        for command in ("status", "apply", "verify"):
            self.see([command, *CONNECTION[2:]], "--plan is missing")
            self.see([command, "--plan", "x", "--url-variable", "V"], "--environment is missing")
            self.see([command, "--plan", "", *CONNECTION[2:]], "--plan is missing")
            self.refused([command, *CONNECTION[:4]], f"{command}: give one of --url-variable and --local")
        self.see(["compile", "--plan", "x"], "--migrations is missing")
        self.see(["compile", "--migrations", "x"], "--plan is missing")
        self.see(["server", "start"], "--data-dir is missing")

    def test_missing_arguments(self):
        self.refused(["init"], "init: name the folder to make", "pgratchet init DIR [--name NAME]")
        self.refused(["key"], "key: name the files of the keys", "pgratchet key NAME")
        self.refused(["sign", "--key", "k"], "sign: name the folder of the bundle", "pgratchet sign DIR (--key FILE | --key-variable VAR)")
        self.refused(["revert", "--plan", "p", "--migrations", "m"], "revert: name the migration to take back, by its number",
                     "pgratchet revert NNN --plan FILE --migrations DIR [--data-dir DIR | --shadow-url-variable VAR]")
        self.refused(["new", "", "--migrations", "m"], "new: say in some words what the migration is for",
                     "pgratchet new DESCRIPTION --migrations DIR [--no-transaction] [--baseline NNN]")

    def test_one_of_two(self):
        self.refused(["status", *CONNECTION, "--local", "y"], "status: give one of --url-variable and --local")
        self.refused(["compile", "--migrations", "m", "--plan", "p"], "compile: give one of --data-dir and --shadow-url-variable")
        self.refused(["compile", "--migrations", "m", "--plan", "p", "--data-dir", "d", "--shadow-url-variable", "V"],
                     "compile: give one of --data-dir and --shadow-url-variable")

    def test_things_that_go_together(self):
        self.refused(["verify", "--plan", "x", "--report", "r"], "verify: --report and --only go together")
        self.refused(["compile", "--migrations", "m", "--plan", "p", "--data-dir", "d", "--baseline-schema", "s"],
                     "compile: --baseline-schema needs --baseline, the version that it is a dump of")
        self.refused(["status", *CONNECTION, "--receipts-dir", "d"], "status: --receipts-dir goes with --history")
        self.refused(["compile", "--migrations", "m", "--plan", "p", "--data-dir", "d", "--runtime-privileges", "SELECT"],
                     "compile: --runtime-privileges needs --runtime-role")
        self.refused(["status", *CONNECTION, "--database", "d"],
                     "status: --database goes with --local; a connection string names its own")

    def test_guards(self):
        for command in ("status", "apply", "verify"):
            self.refused([command, *CONNECTION, "--tls", "verify-full"], f"{command}: --tls is 'verify-full'", "write warn, require or off")
            self.refused([command, *CONNECTION, "--expect-system-identifier", "x7"], f"{command}: --expect-system-identifier is no number",
                         "ask the server: SELECT system_identifier FROM pg_control_system()")
            self.refused([command, *CONNECTION, "--expect-database", ""], f"{command}: --expect-database is empty")

    def test_runtime_privileges(self):
        compile_it = ["compile", "--migrations", "m", "--plan", "p", "--data-dir", "d", "--runtime-role", "app", "--runtime-privileges"]
        for given, bad in (("SELECT,EXECUTE", "EXECUTE"), ("select", "select"), ("SELECT, INSERT", " INSERT"), ("INSERT,INSERT", "INSERT")):
            self.refused([*compile_it, given], f"compile: --runtime-privileges is '{given}', in which '{bad}' is no privilege on a table, or stands twice",
                         "write them in capitals, with commas and no blanks between: SELECT,INSERT,UPDATE")

    def test_values(self):
        self.refused(["status", *CONNECTION, "--format", "xml"], "status: --format is 'xml'", "write text or json")
        for bad in ("5", "0s", "-1s", "5 s", "1.5s", "2h", "s", "1441min", "99999999999999999999s"):
            for option in ("lock-timeout", "patience"):
                self.refused(["apply", *CONNECTION, f"--{option}={bad}"],
                             f"apply: --{option} is '{bad}', which is no duration between 1ms and a day",
                             "write a whole number and ms, s or min: 5s")
        for bad in ("-1", "1001", "x", "1x", ""):
            self.refused(["apply", *CONNECTION, f"--lock-retries={bad}"], f"apply: --lock-retries is '{bad}', which is no number from 0 to 1000")
        self.refused(["compile", "--migrations", "m", "--plan", "p", "--data-dir", "d", "--ignore", "colum|x|*|by hand"],
                     "compile: --ignore is 'colum|x|*|by hand', and no object is of the kind 'colum'",
                     "write it as status prints it: column, index, table constraint, ...")
        self.refused(["compile", "--migrations", "m", "--plan", "p", "--data-dir", "d", "--ignore", "index|x|*"],
                     "compile: --ignore is 'index|x|*', which does not have four parts",
                     "write KIND|IDENTITY|ATTRIBUTE|REASON: 'index|public.*_tmp|*|made by the nightly job'")

    def test_environment_is_a_name(self):
        for bad in ("../../etc", "a/b", "1st", ".", "pro d", "-x"):
            self.refused(["apply", "--plan", "x", f"--environment={bad}", "--url-variable", "V"],
                         f"apply: --environment is '{bad}', which is no name for an environment",
                         "write letters, digits, _ and -, a letter first: prod")

    def test_server_action(self):
        for arguments in (["server"], ["server", "frob", "--data-dir", "x"]):
            self.refused(arguments, "server: the first argument is one of start, stop, status and url", "see: pgratchet server --help")


class SecretsAsArguments(CommandLine):
    """Whoever puts a connection string where it does not belong finds it in no message."""

    def check(self, *arguments, code=1):
        done = self.run_it(*arguments)
        self.assertEqual((done.code, done.stdout), (code, ""), done)
        self.assertNotIn("hunter2", done.stderr)
        self.assertNotIn("deployer", done.stderr)
        return done.stderr

    def test_in_place_of_a_variable(self):
        for command in ("status", "apply", "verify"):
            said = self.check(command, "--plan", "x", "--environment", "prod", "--url-variable", SECRET_URL)
            self.assertEqual(said, f"pgratchet: error: {command}: the value of --url-variable is not the name of an environment variable\n"
                                   "pgratchet: hint: put the connection string into a variable, and give that variable's name\n")

    def test_keywords_in_place_of_a_variable(self):
        self.check("status", "--plan", "x", "--environment", "prod", "--url-variable", "host=h user=deployer password=hunter2")

    def test_for_the_shadow(self):
        self.check("compile", "--migrations", "m", "--plan", "p", "--shadow-url-variable", SECRET_URL)

    def test_as_an_argument(self):
        for command in ("status", "apply", "verify", "compile"):
            self.check(command, *([] if command == "compile" else CONNECTION), SECRET_URL)

    def test_as_environment(self):
        self.check("status", "--plan", "x", "--environment", SECRET_URL, "--url-variable", "V")


if __name__ == "__main__":
    unittest.main()
