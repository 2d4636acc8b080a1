# SPDX-License-Identifier: Apache-2.0
"""Makes the bundles that the other tests use, and looks at what they hold."""

import hashlib
import json
import re
import shlex
import shutil
import stat
import subprocess
import tarfile
import tempfile
import unittest
from pathlib import Path

from bundle_support import MADE, MANIFEST, SIGNATURE, executor, install, make_project, pack, run


class Make(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        shutil.rmtree(MADE, ignore_errors=True)
        cls.prefix = install(MADE / "installed")
        cls.executor = executor.Executor()
        for name in ("ops", "stranger"):
            cls.executor.run("key", MADE / name).require()
        for versions in (3, 4):
            project = make_project(MADE / f"project {versions}", versions)
            cls.tgz, cls.deb = pack(project, cls.prefix, key=MADE / "ops.key")
            (MADE / str(versions)).mkdir()
            for package in (cls.tgz, cls.deb):
                shutil.copy(package, MADE / str(versions))

    def members(self):
        with tarfile.open(self.tgz) as archive:
            return {member.name.partition("/")[2]: member for member in archive.getmembers() if member.isfile()}

    def test_all_that_is_needed_and_nothing_else(self):
        names = set(self.members())
        modules = {name for name in names if name.startswith("cmake/PgRatchet")}
        sql = {name for name in names if name.startswith(("migrations/", "probes/"))}
        self.assertEqual(names - modules - sql,
                         {"bin/pgratchet", "CMakeLists.txt", "CMakePresets.json", "PreLoad.cmake", "RUNBOOK.md",
                          "sandgnat.plan.json", MANIFEST, SIGNATURE})
        self.assertEqual(len([name for name in sql if name.startswith("migrations/")]), 4)
        self.assertEqual(len([name for name in sql if name.startswith("probes/")]), 7)
        self.assertNotIn("cmake/PgRatchetBundle.cmake", modules)

    def test_manifest(self):
        with tarfile.open(self.tgz) as archive:
            content = {m.name.partition("/")[2]: archive.extractfile(m).read() for m in archive.getmembers() if m.isfile()}
        manifest = json.loads(content[MANIFEST])
        self.assertEqual({file["path"]: (file["sha256"], file["size"]) for file in manifest["files"]},
                         {name: (hashlib.sha256(bytes_).hexdigest(), len(bytes_)) for name, bytes_ in content.items()
                          if name not in (MANIFEST, SIGNATURE)})
        self.assertEqual((manifest["name"], manifest["version"], manifest["source_revision"]),
                         ("sandgnat", "1.0.0+004", "0123abc"))
        self.assertEqual(manifest["plan"]["sha256"], hashlib.sha256(content["sandgnat.plan.json"]).hexdigest())
        states = manifest["schema"]["states"]
        self.assertEqual([state["version"] for state in states], ["empty", "001", "002", "003", "004"])
        self.assertEqual(len({state["fingerprint"] for state in states}), 5)
        self.assertEqual((manifest["schema"]["before"], manifest["schema"]["after"]), (states[0], states[-1]))

    def test_presets_are_those_of_real_environments(self):
        with tarfile.open(self.tgz) as archive:
            member = next(m for m in archive.getmembers() if m.name.endswith("/CMakePresets.json"))
            presets = json.load(archive.extractfile(member))
        self.assertEqual([(one["name"], one["cacheVariables"]) for one in presets["configurePresets"]],
                         [("prod", {"PGRATCHET_ENVIRONMENT": "prod", "PGRATCHET_LOCK_TIMEOUT": "4s",
                                    "PGRATCHET_URL_VARIABLE": "PGRATCHET_PROD_URL"})])

    def test_names_no_folder_of_this_machine(self):
        with tarfile.open(self.tgz) as archive:
            for member in archive.getmembers():
                if member.isfile():
                    self.assertNotIn(str(MADE).encode(), archive.extractfile(member).read(), member.name)

    def test_executor_needs_little(self):
        with tarfile.open(self.tgz) as archive:
            member = next(m for m in archive.getmembers() if m.name.endswith("/bin/pgratchet"))
            self.assertEqual(stat.S_IMODE(member.mode), 0o755)
            archive.extract(member, MADE / "executor")
        said = run("objdump", "-p", MADE / "executor" / member.name)
        needed = {line.split()[1] for line in said.splitlines() if line.split()[:1] == ["NEEDED"]}
        self.assertLessEqual(needed, {"libpq.so.5", "libz.so.1", "libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2"})

    def test_key_files(self):
        self.assertEqual(stat.S_IMODE((MADE / "ops.key").stat().st_mode), 0o600)
        again = self.executor.run("key", MADE / "ops").require(executor.CONFIGURATION)
        self.assertIn("exists already", again.stderr)

    def test_package_says_what_targets_backups_and_rehearsals_need(self):
        said = run("dpkg-deb", "--field", self.deb, "Recommends", "Suggests")
        self.assertEqual(said.splitlines(), ["Recommends: cmake (>= 3.25), ninja-build | make, postgresql-client",
                                             "Suggests: postgresql"])

    @unittest.skipUnless(shutil.which("lintian"), "lintian is not installed: ./bootstrap")
    def test_lintian_finds_no_error(self):
        done = subprocess.run(["lintian", "--fail-on", "error", "--allow-root", str(self.deb)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)


class Runbook(unittest.TestCase):
    """What an operator without CMake types is guarded as the targets are."""
    maxDiff = None

    def runbook(self, *presets, prefix=None):
        folder = Path(tempfile.mkdtemp(prefix="pgr-runbook-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        file = folder / "CMakePresets.json"
        file.write_text(json.dumps({"version": 6, "configurePresets": presets}), encoding="utf-8")
        plan = MADE / "project 4" / "build/prod/pgratchet/sandgnat.plan.json"
        executor.Executor().run("bundle", "make", folder / "bundle", "--plan", plan, "--name", "sandgnat", "--project-version", "1",
                                "--environment", presets[0]["name"], "--presets", file,
                                *(("--target-prefix", prefix) if prefix else ())).require()
        return (folder / "bundle" / "RUNBOOK.md").read_text(encoding="utf-8")

    def test_commands_have_the_guards_of_the_presets(self):
        prod = {"PGRATCHET_ENVIRONMENT": "prod", "PGRATCHET_URL_VARIABLE": "PROD_URL", "PGRATCHET_BACKUP": "REQUIRED",
                "PGRATCHET_BACKUP_DIR": "/srv/back ups;id", "PGRATCHET_BACKUP_JOBS": "2", "PGRATCHET_EXPECT_DATABASE": "shop",
                "PGRATCHET_EXPECT_SYSTEM_IDENTIFIER": "7", "PGRATCHET_TLS": "require", "PGRATCHET_PROTECTED": True,
                "PGRATCHET_WAIT_FOR": "30s", "PGRATCHET_LOCK_TIMEOUT": "4s", "PGRATCHET_RECEIPTS_DIR": "/var/lib/receipts"}
        text = self.runbook({"name": "staging", "cacheVariables": {"PGRATCHET_ENVIRONMENT": "staging", "PGRATCHET_URL_VARIABLE": "STAGING_URL"}},
                            {"name": "production", "cacheVariables": prod})
        lines = [line[4:] for line in text.splitlines() if line.startswith("    bin/pgratchet ")]
        plan = "--plan sandgnat.plan.json"
        where = ("--environment prod --url-variable PROD_URL --protected --tls require --expect-database shop "
                 "--expect-system-identifier 7 --wait-for 30s")
        kept = "--receipts-dir /var/lib/receipts"
        apply = f"apply {plan} {where} --lock-timeout 4s --backup required --backup-dir '/srv/back ups;id' --backup-format directory --backup-jobs 2 {kept}"
        backups = "--backup-dir '/srv/back ups;id' --format directory --jobs 2"
        self.assertEqual([line.removeprefix("bin/pgratchet ") for line in lines if "--environment prod" in line], [
            f"status {plan} {where}", f"backup {plan} {where} {backups} {kept}",
            f"rehearse {plan} {where} {backups} --restore-jobs 2 {kept} --data-dir ../rehearsal", f"{apply} --dry-run", apply,
            f"verify {plan} {where}", f"status --history {plan} --environment prod {kept}",
            f"restore {plan} {where} --jobs 2 {kept} --from BACKUP --confirm prod"])
        staging = [line for line in lines if "--environment staging" in line]
        self.assertEqual(len(staging), len(lines) / 2)
        self.assertEqual(staging[4], f"bin/pgratchet apply {plan} --environment staging --url-variable STAGING_URL")
        self.assertIn("cmake --build --preset production --target backup_prod\n", text)
        # The executor knows each of them.
        for line in lines:
            words = shlex.split(line)
            known = executor.Executor().run(words[1], "--help").require().stdout
            for option in (word for word in words if word.startswith("--")):
                self.assertRegex(known, re.escape(option) + r"\b")

    def test_needs_of_backups_and_restores(self):
        text = self.runbook({"name": "prod", "cacheVariables": {"PGRATCHET_URL_VARIABLE": "URL"}})
        needs = text.partition("## What it needs\n")[2].partition("\n## ")[0]
        for word in ("`pg_dump` and `pg_restore`", "`postgresql-client`", "CREATEDB", "`pg_signal_backend`"):
            self.assertIn(word, needs)

    def test_null_hides_what_a_preset_inherits(self):
        base = {"name": "base", "hidden": True, "cacheVariables": {"PGRATCHET_URL_VARIABLE": "URL", "PGRATCHET_BACKUP": "REQUIRED", "PGRATCHET_LOCK_TIMEOUT": "4s"}}
        text = self.runbook({"name": "prod", "inherits": "base", "cacheVariables": {"PGRATCHET_BACKUP": None}}, base)
        self.assertIn("    bin/pgratchet apply --plan sandgnat.plan.json --environment prod --url-variable URL --lock-timeout 4s\n", text)

    def test_commands_of_the_second_database_of_a_project(self):
        settings = {"PGRATCHET_URL_VARIABLE": "SHOP_URL", "PGRATCHET_EXPECT_DATABASE": "shop", "PGRATCHET_BACKUP_DIR": "/srv/shop",
                    "PGRATCHET_BILLING_A_URL_VARIABLE": "BILLING_URL", "PGRATCHET_BILLING_A_BACKUP_DIR": "/srv/billing"}
        prod = {"name": "prod", "cacheVariables": settings}
        text = self.runbook(prod, prefix="billing-a_")
        self.assertIn("    bin/pgratchet backup --plan sandgnat.plan.json --environment prod --url-variable BILLING_URL --backup-dir /srv/billing\n", text)
        self.assertIn("export BILLING_URL=", text)
        self.assertNotIn("shop", text.lower())
        self.assertIn("--url-variable SHOP_URL --expect-database shop\n", self.runbook(prod))


class Refusals(unittest.TestCase):
    """What cannot become a bundle."""

    def test_stale_plan(self):
        project = MADE / "project 4"
        added = project / "migrations" / "005_more.sql"
        added.write_text("BEGIN;\nCREATE TABLE more ();\nCOMMIT;\n", encoding="utf-8")
        self.addCleanup(added.unlink)
        said = executor.Executor().run("bundle", "make", MADE / "nothing", "--plan",
                                       project / "build/prod/pgratchet/sandgnat.plan.json", "--name", "sandgnat",
                                       "--project-version", "1", "--environment", "prod").require(executor.STATE_REFUSES)
        self.assertIn("005_more.sql was added", said.stderr)

    def test_the_revision_when_a_packed_file_was_never_committed(self):
        """Git calls a tree clean that has files which nobody has added."""
        project = MADE / "of git"
        shutil.rmtree(project, ignore_errors=True)
        make_project(project, 2)
        git = ["git", "-C", project, "-c", "user.name=test", "-c", "user.email=test@example.org"]
        (project / ".gitignore").write_text("build\n", encoding="utf-8")
        run(*git, "init", "--quiet")
        run(*git, "add", ".gitignore", "CMakeLists.txt", "CMakePresets.json", "migrations/SHA256SUMS", "migrations/001_initial_schema.sql",
            "migrations/probes")
        for committed, revision in ((False, "[0-9a-f]{40}-dirty"), (True, "[0-9a-f]{40}")):
            if committed:
                run(*git, "add", ".")
            run(*git, "commit", "--quiet", "-m", "a state")
            archive, _ = pack(project, MADE / "installed", PGRATCHET_SOURCE_REVISION="")
            with tarfile.open(archive) as all_of_it:
                manifest = next(one for one in all_of_it.getmembers() if one.name.endswith(MANIFEST))
                self.assertRegex(json.load(all_of_it.extractfile(manifest))["source_revision"], f"\\A{revision}\\Z")

    def test_migrations_that_are_not_frozen(self):
        project = MADE / "project 3"
        plan = project / "build/prod/pgratchet/sandgnat.plan.json"
        sums = project / "migrations" / "SHA256SUMS"
        whole = sums.read_text(encoding="utf-8")
        self.addCleanup(sums.write_text, whole, encoding="utf-8")
        make = ["bundle", "make", MADE / "unfrozen", "--plan", plan, "--name", "sandgnat", "--project-version", "1",
                "--environment", "prod", "--url-variable", "X"]
        sums.write_text("".join(line for line in whole.splitlines(True) if "002_" not in line), encoding="utf-8")
        self.assertIn("not frozen: 002_intake_and_vm_pool.sql", executor.Executor().run(*make).require(executor.STATE_REFUSES).stderr)
        sums.unlink()
        said = run("cpack", "--preset", "prod", cwd=project, fails=True)
        self.assertIn("not frozen: 001_initial_schema.sql, 002_intake_and_vm_pool.sql, 003_static_analysis.sql", said)
        self.assertIn("freeze_migrations", said)

    def test_signing_with_a_relative_path(self):
        """Even if it is one for who looks in the project."""
        key = MADE / "project 4" / "relative.key"
        shutil.copy(MADE / "ops.key", key)
        self.addCleanup(key.unlink)
        said = run("cpack", "--preset", "prod", cwd=key.parent, fails=True, PGRATCHET_SIGNING_KEY=key.name)
        self.assertIn("PGRATCHET_SIGNING_KEY is no absolute path", said)
        self.assertNotIn(key.name, said)

    def test_signing_with_a_key_that_others_can_read(self):
        key = MADE / "loose.key"
        shutil.copy(MADE / "ops.key", key)
        key.chmod(0o640)
        said = executor.Executor().run("sign", MADE, "--key", key).require(executor.CONFIGURATION)
        self.assertIn("can be read by others", said.stderr)


if __name__ == "__main__":
    unittest.main()
