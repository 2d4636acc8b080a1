# SPDX-License-Identifier: Apache-2.0
"""Makes bundles of the reference schema, as a project that uses pgratchet makes them, and unpacks them."""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path.insert(0, str(PROJECT / "tests" / "support"))

import executor  # noqa: E402

MADE = Path(os.environ["PGRATCHET_TEST_BUNDLES"]) / "made"
VARIABLE = "PGRATCHET_PROD_URL"
PLAN = "sandgnat.plan.json"
MANIFEST, SIGNATURE = "pgratchet-bundle.json", "pgratchet-bundle.sig"
CONNECTION = ["--plan", PLAN, "--environment", "prod", "--url-variable", VARIABLE]
# Not the moment of the test, and not that of any commit.
EPOCH = "1700000000"


def environment(**more):
    """Ours, without what could reach a test from outside."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "MAKE", "CTEST_", "CMAKE_"))}
    return {**kept, "SOURCE_DATE_EPOCH": EPOCH, "PGRATCHET_SOURCE_REVISION": "0123abc", **more}


def run(*command, cwd=None, umask=-1, fails=False, **more):
    """Runs a command to its end and gives its output; it must succeed, or fail if it is meant to."""
    command = [str(word) for word in command]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=cwd,
                          env=environment(**more), umask=umask, text=True, encoding="utf-8", errors="replace", check=False)
    print("$", " ".join(command), "\n", done.stdout, sep="", flush=True)
    if (done.returncode != 0) != fails:
        raise AssertionError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}")
    return done.stdout


def install(prefix):
    run("cmake", "--install", os.environ["PGRATCHET_BUILD"], "--prefix", prefix)
    return prefix


def make_project(folder, versions):
    """The sample project with the reference migrations up to that many."""
    folder.mkdir(parents=True)
    for name in ("CMakeLists.txt", "CMakePresets.json"):
        shutil.copy(HERE / "sample" / name, folder)
    for kind in ("migrations", "migrations/probes"):
        (folder / kind).mkdir()
        for file in (PROJECT / kind).glob("*.sql"):
            if int(file.name[:3]) <= versions:
                shutil.copy(file, folder / kind)
    executor.Executor().run("freeze", "--migrations", folder / "migrations").require()
    return folder


def pack(project, prefix, key=None, umask=-1, **more):
    """Runs cpack as people do, and gives the TGZ and the DEB."""
    run("cmake", "--preset", "prod", f"-DCMAKE_PREFIX_PATH={prefix}", cwd=project, umask=umask)
    run("cpack", "--preset", "prod", cwd=project, umask=umask, **({"PGRATCHET_SIGNING_KEY": str(key)} if key else {}), **more)
    build = project / "build" / "prod"
    return next(build.glob("*.tar.gz")), next(build.glob("*.deb"))


class Bundles(unittest.TestCase):
    """With what make_test.py has made."""
    maxDiff = None

    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="pgr-bundle-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.work.chmod(0o755)
        self.trusted = MADE / "ops.pub"
        self.executor = executor.Executor(environment={"XDG_STATE_HOME": str(self.work / "state")})

    def archive(self, versions):
        return next((MADE / str(versions)).glob("*.tar.gz"))

    def unpacked(self, versions=4, into=None):
        """A fresh copy of a bundle, in a folder of its own."""
        into = into or self.work / f"elsewhere {versions}"
        with tarfile.open(self.archive(versions)) as archive:
            archive.extractall(into)
        return next(into.iterdir())

    def in_bundle(self, folder, command, *extra, url="", trusted=None, program=None):
        """The bundle's own executor, in the bundle's folder."""
        done = subprocess.run([str(program or folder / "bin" / "pgratchet"), command, *CONNECTION, *extra],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              cwd=folder, check=False, env=self.variables(url, trusted))
        return executor.Result([command, *extra], done.returncode, done.stdout, done.stderr)

    def variables(self, url="", trusted=None):
        more = {"XDG_STATE_HOME": str(self.work / "state")}
        if url:
            more[VARIABLE] = url
        if trusted:
            more["PGRATCHET_TRUSTED_KEY"] = str(trusted)
        return environment(**more)
