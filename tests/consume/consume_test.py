#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A day in a project that uses pgratchet: configure, build, migrate, test, add a file, make a mistake, mend it.

Everything goes through cmake and ctest, against a real local server, as the project's people would do it.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SAMPLE = Path(__file__).resolve().parent / "sample"


class Project:
    def __init__(self, options):
        self.options = options
        self.work = options.work_dir
        self.user = {}
        self.source = self.work / "shop"
        self.build = self.work / "build"
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(SAMPLE, self.source)

    def run(self, *command, fails=False):
        """Runs a command to its end and gives its output; it must succeed, or fail if it is meant to."""
        command = [str(word) for word in command]
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "MAKE", "CTEST_", "CMAKE_"))}
        if self.user:
            environment["HOME"] = str(self.work)
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=environment, text=True, encoding="utf-8", errors="replace", check=False, **self.user)
        print("$", " ".join(command), "\n", done.stdout, sep="", flush=True)
        if (done.returncode != 0) != fails:
            sys.exit(f"exit code {done.returncode}, where it should have {'failed' if fails else 'succeeded'}")
        return done.stdout

    def configure(self):
        arguments = ["-G", self.options.generator, f"-DWAY={self.options.way}"]
        if self.options.way == "find_package":
            prefix = self.work / "installed"
            self.run("cmake", "--install", self.options.pgratchet_build, "--prefix", prefix)
            arguments.append(f"-DCMAKE_PREFIX_PATH={prefix}")
            self.refuses_what_is_not_there(prefix)
        else:
            # Soon built; and a target as one source shows that names are unique within each room of the code.
            arguments += [f"-DPGRATCHET_SOURCE={self.options.pgratchet_source}", "-DCMAKE_CXX_FLAGS=-O0",
                          "-DCMAKE_UNITY_BUILD_BATCH_SIZE=0"]
            if self.options.launcher:
                arguments.append(f"-DCMAKE_CXX_COMPILER_LAUNCHER={self.options.launcher}")
        self.run("cmake", *arguments, "-S", self.source, "-B", self.build)

    def refuses_what_is_not_there(self, prefix):
        """Another major version, an unknown component, modules without an executor."""
        source = self.work / "find"
        source.mkdir()
        (source / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.25)\nproject(find LANGUAGES NONE)\n"
                                               "find_package(PgRatchet ${WANTED} REQUIRED)\n", encoding="utf-8")

        def find(where, wanted, **options):
            return self.run("cmake", "--fresh", f"-DCMAKE_PREFIX_PATH={where}", f"-DWANTED={wanted}", "-S", source, "-B",
                            source / "build", **options)
        expect(find(prefix, "2.0", fails=True), "PgRatchet", "2.0")
        expect(find(prefix, "1.0;COMPONENTS;oracle", fails=True), "PgRatchet", "oracle")
        modules = self.work / "modules"
        self.run("cmake", "--install", self.options.pgratchet_build, "--prefix", modules, "--component", "modules")
        expect(find(modules, "1.0", fails=True), "executor")

    def make(self, *targets, fails=False):
        chosen = ["--target", *targets] if targets else []
        # In parallel, so that two databases of one project share the local server and the shadow.
        return self.run("cmake", "--build", self.build, "--parallel", "2", *chosen, fails=fails)

    def test(self, *arguments, fails=False):
        return self.run("ctest", "--test-dir", self.build, "-L", "schema", "--output-on-failure", *arguments, fails=fails)


def expect(text, *parts):
    for part in parts:
        if part not in text:
            sys.exit(f"the output above does not say {part!r}")


def expect_no_server(project):
    left = list((project.build / "pgratchet").rglob("postmaster.pid"))
    if left:
        sys.exit(f"a server was left running: {left}")


def day_of_a_project(project):
    project.configure()

    # Before the first build there is no plan: the tests fail and say what to do.
    if project.options.way == "find_package":
        expect(project.test(fails=True), "schema_plan")

    project.make()
    expect_no_server(project)

    # Compiled, but nothing is applied yet.
    project.test(fails=True)
    project.make("migrate_001")
    expect(project.make("migrate_status"), "001")
    project.make("migrate_all", "billing_migrate_all")
    expect(project.test(), "schema.migration.002", "schema.probe.001_customers", "schema.privileges", "billing.schema.drift",
           "100% tests passed, 0 tests failed out of 11")
    expect_no_server(project)

    # A new file: until it is applied its test fails.
    notes = project.source / "migrations" / "003_notes.sql"
    notes.write_text("BEGIN;\nALTER TABLE orders ADD COLUMN note text;\nCOMMIT;\n", encoding="utf-8")
    project.make()
    expect(project.test(fails=True), "schema.migration.003 (Failed)", "schema.version (Failed)")
    project.make("migrate_dry_run")
    project.make("migrate_003")
    project.test()

    # A mistake is a compiler's error, and the environment stays as it is.
    bills = project.source / "migrations" / "004_bills.sql"
    bills.write_text("BEGIN;\nALTER TABLE orders\n  ADD COLUMN bill texxt;\nCOMMIT;\n", encoding="utf-8")
    expect(project.make("migrate_all", fails=True), f"{bills}:3:", ": error: ", "texxt")
    expect(project.test(fails=True), "schema_plan")
    bills.unlink()
    project.make("migrate_all")
    project.test()


def server_that_stays(project):
    project.make("server_start")
    if not list((project.build / "pgratchet" / "server").rglob("postmaster.pid")):
        sys.exit("server_start left no server running")
    try:
        project.make("migrate_status")
        project.test()
        if not list((project.build / "pgratchet" / "server").rglob("postmaster.pid")):
            sys.exit("migrate_status and ctest stopped a server that server_start keeps up")
    finally:
        project.make("server_stop")
    expect_no_server(project)


def read_only_source(options):
    """A source tree that cannot be written to, and a user who is not root."""
    with tempfile.TemporaryDirectory(prefix="pgr-read-only-") as folder:
        options.work_dir = Path(folder) / "work"
        project = Project(options)
        prefix = project.work / "installed"
        project.run("cmake", "--install", options.pgratchet_build, "--prefix", prefix)
        Path(folder).chmod(0o755)
        if os.geteuid() == 0:
            project.user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            shutil.chown(project.work, "nobody")
        for path in [project.source, *project.source.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        before = [(path, path.stat().st_mtime_ns) for path in sorted(project.source.rglob("*"))]
        project.run("cmake", "-G", options.generator, "-DWAY=find_package", f"-DCMAKE_PREFIX_PATH={prefix}", "-S", project.source,
                    "-B", project.build)
        project.make("migrate_all", "billing_migrate_all")
        project.test()
        if before != [(path, path.stat().st_mtime_ns) for path in sorted(project.source.rglob("*"))]:
            sys.exit("something was written to the source tree")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--way", choices=["find_package", "add_subdirectory", "fetch_content"], required=True)
    parser.add_argument("--generator", required=True)
    parser.add_argument("--pgratchet-source", type=Path, required=True)
    parser.add_argument("--pgratchet-build", type=Path, required=True)
    parser.add_argument("--work-dir", type=Path, required=True)
    parser.add_argument("--launcher", default="")
    parser.add_argument("--read-only", action="store_true", help="the source tree is; with --way find_package")
    options = parser.parse_args()
    if options.read_only:
        read_only_source(options)
        return
    project = Project(options)
    day_of_a_project(project)
    server_that_stays(project)


if __name__ == "__main__":
    main()
