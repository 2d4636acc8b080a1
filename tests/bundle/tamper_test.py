# SPDX-License-Identifier: Apache-2.0
"""Every way to tamper with a bundle. With a trusted key all of them are refused before a connection is opened, and
without one all that the digests can tell."""

import gzip
import io
import json
import os
import subprocess
import tarfile
import unittest

from bundle_support import MADE, MANIFEST, PLAN, SIGNATURE, Bundles, executor

# Nothing listens there, and if it is asked, the exit code is another.
NOWHERE = "host=127.0.0.1 port=1 connect_timeout=2 dbname=none"


def flip(file, at=None):
    """Changes one bit."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2 if at is None else at] ^= 1
    file.write_bytes(content)


class InAFolder(Bundles):
    def setUp(self):
        super().setUp()
        self.folder = self.unpacked()

    def refused(self, *said, without_key=True, verify=True):
        for trusted in [self.trusted] + ([None] if without_key else []):
            for command in ("status", "apply", "verify"):
                # Not the bundle's own program, which may be what was altered.
                done = self.in_bundle(self.folder, command, url=NOWHERE, trusted=trusted, program=self.executor.program)
                done.require(executor.STATE_REFUSES)
                for part in said:
                    self.assertIn(part, done.stderr)
            if verify:
                options = ["--trusted-key", trusted] if trusted else []
                self.executor.run("bundle", "verify", self.folder, *options).require(executor.STATE_REFUSES)

    def accepted_as_far_as_the_connection(self, trusted):
        self.in_bundle(self.folder, "status", url=NOWHERE, trusted=trusted,
                       program=self.executor.program).require(executor.CONFIGURATION)

    def test_untouched(self):
        self.accepted_as_far_as_the_connection(self.trusted)
        self.accepted_as_far_as_the_connection(None)

    def test_plan(self):
        flip(self.folder / PLAN)
        self.refused(f"{PLAN} was altered")

    def test_sql(self):
        flip(self.folder / "migrations" / "002_intake_and_vm_pool.sql")
        self.refused("migrations/002_intake_and_vm_pool.sql was altered")

    def test_probe(self):
        flip(self.folder / "probes" / "003_static_analysis.sql")
        self.refused("probes/003_static_analysis.sql was altered")

    def test_program(self):
        flip(self.folder / "bin" / "pgratchet")
        self.refused("bin/pgratchet was altered")

    def test_cmake_code(self):
        with open(self.folder / "CMakeLists.txt", "a", encoding="utf-8") as file:
            file.write("# nothing\n")
        self.refused("CMakeLists.txt was altered")

    def test_presets(self):
        flip(self.folder / "CMakePresets.json")
        self.refused("CMakePresets.json was altered")

    def test_each_bit_class_of_the_manifest(self):
        """A changed byte in each line of the manifest."""
        manifest = self.folder / MANIFEST
        good = manifest.read_bytes()
        at = 0
        for number, line in enumerate(good.split(b"\n")):
            if number % 10 == 0 and line:
                changed = bytearray(good)
                changed[at + len(line) // 2] ^= 1
                manifest.write_bytes(changed)
                self.executor.run("bundle", "verify", self.folder).require(executor.STATE_REFUSES)
            at += len(line) + 1
        self.refused(without_key=False)

    def test_manifest_that_agrees_with_an_altered_file(self):
        """Who can write the files can write the manifest: then only the signature tells."""
        sql = self.folder / "migrations" / "004_investigation_context.sql"
        flip(sql)
        import hashlib
        manifest = json.loads((self.folder / MANIFEST).read_text())
        for entry in manifest["files"]:
            if entry["path"].endswith(sql.name):
                entry["sha256"] = hashlib.sha256(sql.read_bytes()).hexdigest()
        (self.folder / MANIFEST).write_text(json.dumps(manifest))
        self.refused("its signature is not that of its manifest")

    def test_signature(self):
        flip(self.folder / SIGNATURE)
        self.refused()

    def test_signature_of_another_bundle(self):
        (self.folder / SIGNATURE).write_bytes((self.unpacked(3) / SIGNATURE).read_bytes())
        self.refused("its signature is not that of its manifest")

    def test_unsigned(self):
        (self.folder / SIGNATURE).unlink()
        self.refused("is not signed", without_key=False)
        self.accepted_as_far_as_the_connection(None)

    def test_foreign(self):
        self.executor.run("sign", self.folder, "--key", MADE / "stranger.key").require()
        self.refused("which is not trusted here", without_key=False)
        self.accepted_as_far_as_the_connection(None)

    def test_manifest_removed(self):
        (self.folder / MANIFEST).unlink()
        self.refused("is part of no bundle", without_key=False, verify=False)
        self.executor.run("bundle", "verify", self.folder).require(executor.STATE_REFUSES)

    def test_manifest_is_a_link(self):
        (self.folder / MANIFEST).rename(self.work / "manifest")
        (self.folder / MANIFEST).symlink_to(self.work / "manifest")
        self.refused()

    def test_file_removed(self):
        (self.folder / "probes" / "001_analysis_jobs.sql").unlink()
        self.refused("probes/001_analysis_jobs.sql is missing")

    def test_file_added(self):
        (self.folder / "migrations" / "005_more.sql").write_text("BEGIN;\nCREATE TABLE more ();\nCOMMIT;\n")
        self.refused("migrations/005_more.sql was added", "hint: nothing was done; remove it if you have put it there yourself")

    def test_user_presets_added(self):
        (self.folder / "CMakeUserPresets.json").write_text("{}")
        self.refused("CMakeUserPresets.json was added")

    def test_hidden_file_in_a_new_folder(self):
        (self.folder / "cmake" / ".x").mkdir()
        (self.folder / "cmake" / ".x" / ".y").write_text("")
        self.refused("cmake/.x/.y was added")

    def test_symlink_in_place_of_a_file(self):
        sql = self.folder / "migrations" / "001_initial_schema.sql"
        sql.rename(self.work / "same.sql")
        sql.symlink_to(self.work / "same.sql")
        self.refused("migrations/001_initial_schema.sql is a symbolic link")

    def test_symlink_in_place_of_a_folder(self):
        (self.folder / "probes").rename(self.work / "probes")
        (self.folder / "probes").symlink_to(self.work / "probes")
        self.refused("probes was added: a symbolic link")

    def test_symlink_in_place_of_the_build_folder(self):
        (self.folder / "build").symlink_to(self.work)
        self.refused("build was added: a symbolic link")

    def test_fifo(self):
        os.mkfifo(self.folder / "migrations" / "pipe")
        self.refused("migrations/pipe was added: no regular file")

    def test_name_with_an_escape(self):
        (self.folder / "\033[2Jx").write_text("")
        done = self.executor.run("bundle", "verify", self.folder).require(executor.STATE_REFUSES)
        self.assertNotIn("\033", done.stderr)

    def test_another_plan_beside_the_manifest(self):
        other = self.folder / "build" / "other.plan.json"
        other.parent.mkdir()
        other.write_bytes((self.folder / PLAN).read_bytes())
        said = self.executor.run("status", "--plan", other, "--environment", "x", "--url-variable", "X",
                                 "--trusted-key", self.trusted, environment={"X": NOWHERE})
        self.assertIn("is part of no bundle", said.require(executor.STATE_REFUSES).stderr)

    def test_trusted_key_that_cannot_be_read(self):
        for bad in (self.work / "none.pub", MADE / "ops.key", "/dev/null"):
            self.in_bundle(self.folder, "status", url=NOWHERE, trusted=bad).require(executor.CONFIGURATION)
            done = self.executor.run("bundle", "verify", self.folder, "--trusted-key", bad)
            self.assertNotIn(MADE.joinpath("ops.key").read_text().split()[1], done.require(executor.CONFIGURATION).stderr)

    def test_signing_what_is_altered(self):
        flip(self.folder / PLAN)
        self.executor.run("sign", self.folder, "--key", MADE / "ops.key").require(executor.STATE_REFUSES)


class InAnArchive(Bundles):
    def setUp(self):
        super().setUp()
        self.tar = gzip.decompress(self.archive(4).read_bytes())
        self.file = self.work / "altered.tar.gz"

    def verify(self, content):
        self.file.write_bytes(content)
        return self.executor.run("bundle", "verify", self.file, "--trusted-key", self.trusted)

    def refused(self, content, *said):
        done = self.verify(content).require(executor.STATE_REFUSES)
        for part in said:
            self.assertIn(part, done.stderr)

    def extended(self, change=None, form=tarfile.USTAR_FORMAT, **fields):
        """The archive with one more member, or with its members changed."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=io.BytesIO(self.tar)) as before, tarfile.open(fileobj=packed, mode="w", format=form) as after:
            top = before.getnames()[0]
            for member in before.getmembers():
                content = before.extractfile(member) if member.isfile() else None
                if change is None or change(member):
                    after.addfile(member, content)
            if fields:
                one = tarfile.TarInfo(fields.pop("name").format(top=top))
                content = fields.pop("content", b"")
                one.size = len(content)
                for key, value in fields.items():
                    setattr(one, key, value)
                after.addfile(one, io.BytesIO(content))
        return gzip.compress(packed.getvalue())

    def test_untouched(self):
        self.assertIn("which is trusted", self.verify(self.archive(4).read_bytes()).require().stdout)
        self.verify(self.extended()).require()

    def test_debian_package(self):
        package = next((MADE / "4").glob("*.deb"))
        done = self.verify(package.read_bytes()).require(executor.CONFIGURATION)
        self.assertIn(f"{self.file} is a Debian package", done.stderr)
        unpacked = self.work / "root"
        subprocess.run(["dpkg-deb", "--extract", package, unpacked], check=True)
        folder = next((unpacked / "usr" / "lib").iterdir())
        self.executor.run("bundle", "verify", folder, "--trusted-key", self.trusted).require()

    def test_truncated(self):
        whole = self.archive(4).read_bytes()
        for length in (0, 10, 1000, len(whole) // 2, len(whole) - 1):
            self.refused(whole[:length])
        for length in (0, 511, 5120, len(self.tar) // 2):
            self.refused(gzip.compress(self.tar[:length]), "cut off")

    def test_cut_between_members(self):
        self.refused(self.extended(change=lambda member: not member.name.endswith("004_investigation_context.sql")), "is missing")

    def test_extended(self):
        whole = self.archive(4).read_bytes()
        self.refused(whole + b"x", "behind its end")
        self.refused(whole + whole, "behind its end")
        self.refused(gzip.compress(self.tar + b"x" * 512), "behind its end")
        self.refused(gzip.compress(self.tar + self.tar), "behind its end")

    def test_file_added(self):
        self.refused(self.extended(name="{top}/migrations/005_more.sql"), "migrations/005_more.sql was added")

    def test_build_folder_in_the_archive(self):
        self.refused(self.extended(name="{top}/build/prod/CMakeCache.txt"), "build/prod/CMakeCache.txt was added")

    def test_paths_that_climb_out(self):
        for name in ("../x", "{top}/../x", "{top}/../../etc/cron.d/x", "/etc/cron.d/x", "{top}/./x", "{top}//x"):
            with self.subTest(name):
                self.refused(self.extended(name=name), "leads out of it")

    def test_second_top_folder(self):
        self.refused(self.extended(name="other/x"), "does not lie in its top folder")
        self.refused(self.extended(name="x"), "does not lie in its top folder")

    def test_links_and_devices(self):
        for kind, said in ((tarfile.SYMTYPE, "is a symbolic link"), (tarfile.LNKTYPE, "is a hard link"),
                           (tarfile.CHRTYPE, "no regular file"), (tarfile.FIFOTYPE, "no regular file")):
            self.refused(self.extended(name="{top}/link", type=kind, linkname="/etc/passwd"), said)

    def test_modes(self):
        def with_mode(mode, wanted):
            def change(member):
                if wanted(member):
                    member.mode = mode(member.mode)
                return True
            return self.extended(change)

        def program(member):
            return member.name.endswith("/bin/pgratchet")

        self.verify(with_mode(lambda mode: mode, program)).require()
        self.refused(with_mode(lambda mode: mode | 0o4000, program), "bin/pgratchet would run with the rights of its owner")
        self.refused(with_mode(lambda mode: mode | 0o2000, program), "bin/pgratchet would run with the rights of its owner")
        self.refused(with_mode(lambda mode: 0o666, lambda member: member.name.endswith("/CMakeLists.txt")), "anybody could write to ")
        self.refused(with_mode(lambda mode: 0o777, lambda member: member.isdir()), "anybody could write to ")
        self.verify(with_mode(lambda mode: 0o2775, lambda member: member.isdir())).require()  # umask 002, in a setgid folder

    def test_same_path_twice(self):
        self.refused(self.extended(name="{top}/CMakeLists.txt", content=b"message(FATAL_ERROR)"), "is in it twice")
        self.refused(self.extended(name="{top}/" + MANIFEST, content=b"{}"), "is in it twice")

    def test_another_form(self):
        self.refused(self.extended(form=tarfile.PAX_FORMAT, name="{top}/" + "long" * 60))
        self.refused(self.tar, "no gzip file")
        self.refused(b"no archive at all", "no gzip file")

    def test_damaged_header(self):
        changed = bytearray(self.tar)
        changed[1] ^= 1
        self.refused(gzip.compress(bytes(changed)), "header")

    def test_bomb(self):
        self.refused(gzip.compress(bytes(1 << 30) + b"\0" * 1024, compresslevel=1), "more than 1 GiB")


if __name__ == "__main__":
    unittest.main()
