# SPDX-License-Identifier: Apache-2.0
"""A person with only the bundle and its runbook, on a machine without compiler, shadow or sources: a minimal Debian 12,
from an empty database to 004, and the proof."""

import shutil
import socket
import subprocess
import unittest

from bundle_support import MADE, Bundles

import clean_root
import postgres


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class TcpCluster(postgres.Cluster):
    """A socket in /tmp is not to be seen from within the root."""

    def conninfo(self, database, user="postgres"):
        return f"{super().conninfo(database, user)} port={self._settings['port']}"


class CleanRoot(Bundles):
    @classmethod
    def setUpClass(cls):
        cls.root = clean_root.CleanRoot()
        cls.addClassCleanup(cls.root.remove)
        cls.port = free_port()
        cls.cluster = TcpCluster(settings={"listen_addresses": "127.0.0.1", "port": cls.port})
        cls.cluster.start()
        cls.addClassCleanup(cls.cluster.stop)
        shutil.copy(MADE / "ops.pub", cls.root.home)

    def setUp(self):
        super().setUp()
        self.database = self.id().rsplit(".", 1)[-1][:60]
        self.cluster.create_database(self.database)
        self.addCleanup(self.cluster.drop_database, self.database)
        self.variables = {"PGRATCHET_TRUSTED_KEY": "/home/ops/ops.pub",
                          "PGRATCHET_PROD_URL": f"host=127.0.0.1 port={self.port} user=postgres dbname={self.database}"}

    def unpack(self):
        folder = self.unpacked(into=self.root.home / self.database)
        subprocess.run(["chown", "-R", "1000:1000", str(folder.parent)], check=True)
        return f"{self.database}/{folder.name}"

    def test_it_is_a_bare_machine(self):
        for program in ("cc", "gcc", "c++", "make", "initdb", "pg_ctl"):
            self.root.run(f"command -v {program}", fails=True)
        self.root.run("command -v cmake && command -v ninja && command -v psql")

    def test_the_three_commands(self):
        folder = self.unpack()
        said = self.root.run(f"cd {folder} && cmake --preset prod && cmake --build --preset prod --target migrate_all && "
                             "ctest --preset prod -L schema", **self.variables)
        self.assertIn("prod is at 004", said)
        self.assertIn("100% tests passed, 0 tests failed out of 15", said)

    def test_the_executor_alone(self):
        folder = self.unpack()
        options = "--plan sandgnat.plan.json --environment prod --url-variable PGRATCHET_PROD_URL"
        said = self.root.run(f"cd {folder} && bin/pgratchet apply {options} && bin/pgratchet verify {options}", **self.variables)
        self.assertIn("prod is at 004", said)
        self.assertIn("passed schema.drift", said)

    def test_the_debian_package(self):
        package = next((MADE / "4").glob("*.deb"))
        shutil.copy(package, self.root.home)
        self.root.run(f"apt-get install --yes --no-install-recommends ./{package.name}", as_root=True)
        try:
            options = "--plan sandgnat.plan.json --environment prod --url-variable PGRATCHET_PROD_URL"
            said = self.root.run(f"cd /usr/lib/sandgnat-migrations && bin/pgratchet apply {options}", **self.variables)
            self.assertIn("prod is at 004", said)
            # The folder belongs to root: who wants the targets takes a copy.
            said = self.root.run("cp -r /usr/lib/sandgnat-migrations copy && cd copy && cmake --preset prod && "
                                 "ctest --preset prod -L schema", **self.variables)
            self.assertIn("100% tests passed", said)
        finally:
            self.root.run("apt-get purge --yes sandgnat-migrations", as_root=True)


if __name__ == "__main__":
    unittest.main()
