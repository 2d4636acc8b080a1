# SPDX-License-Identifier: Apache-2.0
"""The first hour: `init`, a green workflow, a second migration, green again; with the installed package and with the
sources as a subdirectory."""

import json
import os
import unittest

from ship_support import PROJECT, Ship, executor

SECOND = "BEGIN;\nALTER TABLE notes ADD COLUMN body text;\nCOMMIT;\n"


class Init(Ship):
    def files_in(self, folder):
        return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())

    def first_hour(self, folder, **variables):
        said = self.run_it("cmake", "--workflow", "--preset", "dev", cwd=folder, **variables)
        self.assertIn("pgratchet: dev is at 001", said)
        self.assertIn("100% tests passed, 0 tests failed out of 5", said)
        (folder / "migrations" / "002_bodies.sql").write_text(SECOND, encoding="utf-8")
        said = self.run_it("cmake", "--workflow", "--preset", "dev", cwd=folder, **variables)
        self.assertIn("pgratchet: applied 002_bodies.sql", said)
        self.assertIn("100% tests passed, 0 tests failed out of 6", said)

    def test_with_the_installed_package(self):
        prefix = self.work / "installed"
        self.run_it("cmake", "--install", os.environ["PGRATCHET_BUILD"], "--prefix", prefix)
        folder = self.work / "Größe und Maß"
        self.run_it(prefix / "bin" / "pgratchet", "init", folder, "--name", "shop")
        self.first_hour(folder, CMAKE_PREFIX_PATH=str(prefix))
        # prod configures without a secret, and its targets say which variable they want.
        self.run_it("cmake", "--preset", "prod", cwd=folder, CMAKE_PREFIX_PATH=str(prefix))
        said = self.run_it("cmake", "--build", "--preset", "prod", "--target", "migrate_status", cwd=folder, fails=True)
        self.assertIn("PGRATCHET_PROD_URL", said)

    def test_with_the_sources_as_a_subdirectory(self):
        folder = self.work / "shop"
        self.executor.run("init", folder).require()
        (folder / "third_party").mkdir()
        (folder / "third_party" / "pgratchet").symlink_to(PROJECT)
        launcher = os.environ.get("PGRATCHET_LAUNCHER")
        self.first_hour(folder, **({"CMAKE_CXX_COMPILER_LAUNCHER": launcher} if launcher else {}))

    def test_what_is_written(self):
        folder = self.work / "My Shop-2"
        said = self.executor.run("init", folder).require().stderr
        self.assertIn("a project's name has lower-case letters, digits and _: My Shop-2 is called my_shop_2 (--name gives another)\n", said)
        self.assertEqual(self.files_in(folder),
                         [".github/workflows/schema.yml", ".gitignore", "CMakeLists.txt", "CMakePresets.json",
                          "migrations/001_initial_schema.sql", "migrations/probes/001_initial_schema.sql",
                          "presets/base.json", "presets/dev.json", "presets/prod.json", "presets/staging.json"])
        self.assertIn("project(my_shop_2 ", (folder / "CMakeLists.txt").read_text(encoding="utf-8"))
        for file in folder.rglob("*"):
            if file.is_file():
                self.assertNotIn("@NAME@", file.read_text(encoding="utf-8"), file)
            if file.suffix == ".json":
                json.loads(file.read_text(encoding="utf-8"))

    def test_staging_and_prod_are_guarded(self):
        folder = self.work / "shop"
        self.executor.run("init", folder).require()
        for name in ("prod", "staging"):
            ours, theirs = (json.loads((place / "presets" / f"{name}.json").read_text(encoding="utf-8"))
                            for place in (PROJECT, folder))
            self.assertEqual(ours["configurePresets"][0]["cacheVariables"], theirs["configurePresets"][0]["cacheVariables"])
            self.assertEqual(theirs["configurePresets"][0]["cacheVariables"]["PGRATCHET_BACKUP"], "REQUIRED")

    def test_secret_keys_are_ignored(self):
        folder = self.work / "shop"
        self.executor.run("init", folder).require()
        self.executor.run("key", folder / "ops").require()
        self.run_it("git", "init", "--quiet", folder)
        listed = self.run_it("git", "-C", folder, "ls-files", "--others", "--exclude-standard").split()
        self.assertIn("ops.pub", listed)
        self.assertNotIn("ops.key", listed)

    def test_nothing_is_written_over(self):
        folder = self.work / "shop"
        folder.mkdir()
        (folder / "README.md").write_text("mine")
        self.executor.run("init", folder).require()  # what does not clash may be there
        before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
        said = self.executor.run("init", folder).require(executor.CONFIGURATION)
        self.assertIn("holds CMakeLists.txt, CMakePresets.json, .github/workflows/schema.yml", said.stderr)
        self.assertEqual(before, {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()})

    def test_one_clash_leaves_nothing_behind(self):
        folder = self.work / "shop"
        folder.mkdir()
        (folder / ".gitignore").symlink_to("nowhere")
        self.executor.run("init", folder).require(executor.CONFIGURATION)
        self.assertEqual([entry.name for entry in folder.iterdir()], [".gitignore"])

    def test_bad_places_and_names(self):
        (self.work / "file").write_text("")
        self.executor.run("init", self.work / "file").require(executor.CONFIGURATION)
        self.executor.run("init", self.work / "123").require(executor.USAGE)
        self.executor.run("init", self.work / "x", "--name", "No Name").require(executor.USAGE)
        self.assertFalse((self.work / "x").exists())


if __name__ == "__main__":
    unittest.main()
