# SPDX-License-Identifier: Apache-2.0
"""A minimal Debian 12 in a folder: what debootstrap makes, CMake, ninja and the PostgreSQL client, no compiler.

It is made once, in PGRATCHET_TEST_ROOTS, and copied for each test that changes it. Making it needs root, debootstrap
and the network; where that is impossible the test is skipped, but never in CI.
"""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

PACKAGES = "cmake,ninja-build,postgresql-client"
SUITE = "bookworm"


def _impossible(why):
    if os.environ.get("CI"):
        raise AssertionError(f"no clean Debian root: {why}\n  hint: ./bootstrap installs debootstrap; run the tests as root")
    raise unittest.SkipTest(f"no clean Debian root: {why}; as root, with debootstrap installed (./bootstrap), this test runs")


def _mirror():
    """Where this machine gets its own packages from, if it is a Debian."""
    asked = subprocess.run(["apt-get", "indextargets", "--format", "$(SITE) $(ORIGIN)", "Created-By: Packages"],
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout
    for line in asked.splitlines():
        site, _, origin = line.partition(" ")
        if origin == "Debian":
            return site
    return "http://deb.debian.org/debian"


def cached_root():
    if os.geteuid() != 0:
        _impossible("chroot needs root")
    debootstrap = shutil.which("debootstrap") or shutil.which("debootstrap", path="/usr/sbin:/sbin")
    roots = Path(os.environ["PGRATCHET_TEST_ROOTS"])
    made = roots / SUITE
    if made.is_dir():
        return made
    if not debootstrap:
        _impossible("debootstrap is not installed")
    roots.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix="making-", dir=roots))
    try:
        done = subprocess.run([debootstrap, "--variant=minbase", f"--include={PACKAGES}", SUITE, str(making / "root"),
                               _mirror()], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)
        if done.returncode != 0:
            _impossible(f"debootstrap failed:\n{done.stdout[-2000:]}")
        try:
            (making / "root").rename(made)
        except OSError:
            if not made.is_dir():  # another test was quicker
                raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return made


class CleanRoot:
    """A copy of its own, gone afterwards."""

    def __init__(self):
        source = cached_root()
        self._holder = Path(tempfile.mkdtemp(prefix="copy-", dir=source.parent))
        self.path = self._holder / "root"
        subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(self.path)], check=True)
        self.home = self.path / "home" / "ops"
        self.home.mkdir()
        os.chown(self.home, 1000, 1000)

    def remove(self):
        shutil.rmtree(self._holder, ignore_errors=True)

    def run(self, command, as_root=False, fails=False, **variables):
        """A shell command in it, as a user without a name, or as root; gives what it prints."""
        user = [] if as_root else ["--userspec=1000:1000"]
        inside = {"PATH": "/usr/local/bin:/usr/bin:/bin" + (":/usr/sbin:/sbin" if as_root else ""), "HOME": "/home/ops",
                  "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive", **variables}
        chroot = shutil.which("chroot", path="/usr/sbin:/sbin:/usr/bin")
        done = subprocess.run([chroot, *user, str(self.path), "/bin/sh", "-c", f"cd /home/ops && {command}"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=inside,
                              text=True, encoding="utf-8", errors="replace", check=False)
        if (done.returncode != 0) != fails:
            raise AssertionError(f"in the clean root: {command}: exit code {done.returncode}\n{done.stdout}")
        return done.stdout
