# SPDX-License-Identifier: Apache-2.0
"""A bundle on another machine, as far as a folder elsewhere is one: with CMake, without, again, and by an old one."""

import shutil
import subprocess
import unittest

from bundle_support import MADE, PLAN, Bundles, executor

import postgres


class Use(Bundles):
    @classmethod
    def setUpClass(cls):
        cls.cluster = postgres.Cluster()
        cls.cluster.start()
        cls.addClassCleanup(cls.cluster.stop)

    def setUp(self):
        super().setUp()
        self.database = self.id().rsplit(".", 1)[-1][:60]
        self.cluster.create_database(self.database)
        self.addCleanup(self.cluster.drop_database, self.database)
        self.url = self.cluster.conninfo(self.database)

    def shell(self, folder, command, path=None):
        variables = self.variables(self.url, self.trusted)
        if path:
            variables["PATH"] = str(path)
        done = subprocess.run(["/bin/sh", "-c", command], cwd=folder, env=variables, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def only(self, *programs):
        """A PATH with these programs and nothing else."""
        folder = self.work / "path"
        folder.mkdir()
        for program in programs:
            (folder / program).symlink_to(shutil.which(program))
        return folder

    def everything(self, *programs):
        folder = self.unpacked()
        said = self.shell(folder, "cmake --preset prod && cmake --build --preset prod --target migrate_all && "
                                  "ctest --preset prod -L schema", self.only("cmake", "ctest", *programs))
        self.assertIn("applied 004_investigation_context.sql", said)
        self.assertIn("100% tests passed, 0 tests failed out of 15", said)
        # Nothing was written into it but the folder for that: it is still the bundle that it was.
        self.executor.run("bundle", "verify", folder, "--trusted-key", self.trusted).require()

    def test_with_cmake_and_ninja_alone(self):
        self.everything("ninja")

    def test_with_cmake_and_make_alone(self):
        self.everything("make", "sh")

    def test_without_cmake(self):
        folder = self.unpacked()
        self.assertIn("prod is empty", self.in_bundle(folder, "status", url=self.url).require().stdout)
        self.in_bundle(folder, "apply", "--dry-run", url=self.url).require()
        self.in_bundle(folder, "apply", url=self.url, trusted=self.trusted).require()
        self.in_bundle(folder, "verify", url=self.url).require()
        again = self.in_bundle(folder, "apply", url=self.url).require()
        self.assertIn("nothing is pending", again.stderr)

    def test_runbook_commands_work(self):
        """Each command of the runbook that speaks of this bundle, as it stands there."""
        folder = self.unpacked()
        lines = [line[4:] for line in (folder / "RUNBOOK.md").read_text(encoding="utf-8").splitlines()
                 if line.startswith("    bin/pgratchet ")]
        self.assertEqual([line.split()[1] for line in lines if line.split()[1] in ("status", "apply", "verify")],
                         ["status", "apply", "apply", "verify", "status"])
        for line in lines:
            if line.split()[1] in ("status", "apply", "verify"):
                self.shell(folder, line)

    def test_an_older_bundle_is_refused(self):
        self.in_bundle(self.unpacked(4), "apply", url=self.url).require()
        before = self.cluster.dump(self.database)
        old = self.unpacked(3)
        for extra in ([], ["--dry-run"], ["--to", "002"]):
            said = self.in_bundle(old, "apply", *extra, url=self.url).require(executor.STATE_REFUSES).stderr
            self.assertIn("prod is newer than this bundle, which ends at 003", said)
            self.assertIn("column public.analysis_jobs.investigation_id", said)
            self.assertIn("a bundle does not go back", said)
        self.assertIn("newer than this bundle", self.in_bundle(old, "status", url=self.url).require().stdout)
        failed = self.in_bundle(old, "verify", url=self.url).require(executor.STATE_REFUSES)
        self.assertIn("FAILED schema.version", failed.stdout)
        self.assertEqual(before, self.cluster.dump(self.database))

    def test_a_newer_bundle_goes_on(self):
        self.in_bundle(self.unpacked(3), "apply", url=self.url).require()
        said = self.in_bundle(self.unpacked(4), "apply", url=self.url).require().stderr
        self.assertNotIn("003_", said)
        self.assertIn("applied 004_", said)

    def test_other_objects_are_only_spoken_of(self):
        folder = self.unpacked()
        self.in_bundle(folder, "apply", url=self.url).require()
        self.cluster.psql(self.database, "CREATE TABLE of_another_application ()")
        said = self.in_bundle(folder, "apply", url=self.url).require().stderr
        self.assertIn("knows nothing: table public.of_another_application; is there a newer one?", said)

    def test_diff(self):
        said = self.executor.run("bundle", "diff", self.archive(3), self.unpacked(4)).require().stdout
        self.assertIn("sandgnat 1.0.0+003 -> sandgnat 1.0.0+004\n", said)
        self.assertIn("newest migration: 003 -> 004", said)
        self.assertIn("  added: 004_investigation_context.sql\n    adds the column `public.analysis_jobs.investigation_id`\n", said)
        self.assertIn("probe added: 004_investigation_context.sql", said)
        self.assertNotIn("CHANGED", said)
        same = self.executor.run("bundle", "diff", self.archive(4), self.archive(4)).require().stdout
        self.assertIn("nothing differs", same)

    def test_two_signers(self):
        """A file of several trusted keys, as it is while one key takes over from another."""
        both = self.work / "both.pub"
        both.write_text("# old, new\n" + (MADE / "stranger.pub").read_text() + "\n" + self.trusted.read_text(), encoding="utf-8")
        folder = self.unpacked()
        for key in ("ops", "stranger"):
            self.executor.run("sign", folder, "--key", MADE / f"{key}.key").require()
            self.executor.run("bundle", "verify", folder, "--trusted-key", both).require()

    def test_sign_by_variable(self):
        folder = self.unpacked()
        self.executor.run("sign", folder, "--key-variable", "KEY",
                          environment={"KEY": (MADE / "stranger.key").read_text()}).require()
        self.executor.run("bundle", "verify", folder, "--trusted-key", MADE / "stranger.pub").require()
        self.executor.run("bundle", "verify", folder, "--trusted-key", self.trusted).require(executor.STATE_REFUSES)

    def test_read_only_folder(self):
        """As a package installs it: the executor needs to write nothing there."""
        folder = self.unpacked()
        subprocess.run(["chmod", "-R", "a-w", str(folder)], check=True)
        self.addCleanup(subprocess.run, ["chmod", "-R", "u+w", str(folder)], check=True)
        self.in_bundle(folder, "apply", url=self.url).require()
        self.assertTrue((folder / PLAN).exists())


if __name__ == "__main__":
    unittest.main()
