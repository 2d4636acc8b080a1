# SPDX-License-Identifier: Apache-2.0
"""Installs psql, pg_dump and pg_restore of newer major versions where PGRATCHET_TEST_SERVERS says, unless they are there.

They come from newer releases of Debian, through an apt of their own: nothing of the system is changed. Each is unpacked with
its libraries and run through its own loader, by a script `<folder>/client<major>/pg_dump`.

    python3 install_clients.py 17 18
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAMS = ("psql", "pg_dump", "pg_dumpall", "pg_restore", "pg_basebackup")
RELEASES = ("trixie", "sid")  # the second one moves: what it has now is asked, not written down here
MIRROR = "http://deb.debian.org/debian"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

WRAPPER = """#!/bin/sh
root={root}
exec "$root/{loader}" --library-path "{libraries}" "$root/usr/lib/postgresql/{major}/bin/{program}" "$@"
"""


class ClientError(RuntimeError):
    """The clients could not be installed; the text holds what apt said."""


def client_bindir(major):
    """Where psql, pg_dump and pg_restore of that major version are; installs them if need be."""
    debian = Path(f"/usr/lib/postgresql/{major}/bin")
    if (debian / "pg_dump").exists():
        return debian
    cache = os.environ.get("PGRATCHET_TEST_SERVERS")
    if not cache:
        raise ClientError(f"no pg_dump {major} installed\n"
                          "  hint: PGRATCHET_TEST_SERVERS=<folder> lets the tests install one there from Debian")
    found = Path(cache) / f"client{major}"
    if not all((found / program).exists() for program in PROGRAMS):
        _install(int(major), Path(cache))
    return found


def _run(arguments):
    done = subprocess.run([str(a) for a in arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    if done.returncode != 0:
        raise ClientError(f"{' '.join(str(a) for a in arguments)}: exit {done.returncode}\n{done.stdout[-3000:]}")
    return done.stdout


class Apt:
    """An apt that knows one release and believes that nothing is installed."""

    def __init__(self, place, release):
        self.place = place
        for folder in ("lists/partial", "archives/partial", "state", "none"):
            (place / folder).mkdir(parents=True, exist_ok=True)
        (place / "status").touch()
        (place / "sources.list").write_text(f"deb [signed-by={KEYRING}] {MIRROR} {release} main\n", encoding="utf-8")
        self.options = [option for setting in (
            f"Dir::Etc::sourcelist={place}/sources.list", f"Dir::Etc::sourceparts={place}/none", f"Dir::Etc::preferencesparts={place}/none",
            f"Dir::State={place}/state", f"Dir::State::status={place}/status", f"Dir::State::lists={place}/lists",
            f"Dir::Cache={place}", f"Dir::Cache::archives={place}/archives", "APT::Sandbox::User=root",
            "Acquire::Languages=none", "Acquire::Retries=3", "APT::Get::List-Cleanup=0") for option in ("-o", setting)]
        _run(["apt-get", *self.options, "-q", "update"])

    def has(self, package):
        return f"{package} |" in _run(["apt-cache", *self.options, "madison", package])

    def download(self, package):
        _run(["apt-get", *self.options, "-qy", "--no-install-recommends", "--download-only", "install", package])
        return sorted((self.place / "archives").glob("*.deb"))


def _is_needed(archive):
    """The client and libraries: no perl, no debconf."""
    name = archive.name.split("_")[0]
    return name.startswith(("lib", "zlib", "postgresql-client-")) and "perl" not in name


def _wrap(root, into, major):
    libraries = sorted({str(found.parent) for found in root.rglob("*.so.*") if found.is_file()})
    loader = next(found for pattern in ("lib64/ld-linux*", "usr/lib64/ld-linux*", "lib/**/ld-linux*", "usr/lib/**/ld-linux*")
                  for found in sorted(root.glob(pattern)))
    for program in PROGRAMS:
        path = into / program
        path.write_text(WRAPPER.format(root=root, loader=loader.relative_to(root), libraries=":".join(libraries), major=major,
                                       program=program), encoding="utf-8")
        path.chmod(0o755)
    print(_run([into / "pg_dump", "--version"]).strip())


def _install(major, cache):
    if not shutil.which("apt-get") or not Path(KEYRING).exists():
        raise ClientError(f"pg_dump {major} can be fetched by the tests on Debian alone\n"
                          f"  hint: install the PostgreSQL {major} client, or put pg_dump and the others into {cache}/client{major}")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as work:
        for release in RELEASES:
            apt = Apt(Path(work) / release, release)
            if not apt.has(f"postgresql-client-{major}"):
                continue
            root = Path(work) / "root"
            for archive in filter(_is_needed, apt.download(f"postgresql-client-{major}")):
                _run(["dpkg-deb", "-x", archive, root])
            final = cache / f"client{major}-root"
            shutil.rmtree(final, ignore_errors=True)
            shutil.move(str(root), str(final))
            _run(["chmod", "-R", "a+rX", final])
            scripts = Path(work) / "scripts"
            scripts.mkdir(mode=0o755)
            _wrap(final, scripts, major)
            scripts.chmod(0o755)
            scripts.rename(cache / f"client{major}")
            return
    raise ClientError(f"no release of Debian has postgresql-client-{major}")


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        print(f"PostgreSQL {wanted}: {client_bindir(wanted)}")
