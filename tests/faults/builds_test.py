# SPDX-License-Identifier: Apache-2.0
"""A build that migrates is interrupted: by Ctrl-C, which reaches all of it; by SIGTERM to `cmake --build` alone, which then waits for
ninja or make and tells them nothing; by SIGKILL, which leaves them behind."""

import os
import signal
import subprocess
import unittest

from faults_support import FILES, PROJECT, Faults, executor

LISTS = """cmake_minimum_required(VERSION 3.25)
project(shop LANGUAGES NONE)
enable_testing()
include([==[{project}/cmake/PgRatchet.cmake]==])
add_executable(PgRatchet::pgratchet IMPORTED)
set_target_properties(PgRatchet::pgratchet PROPERTIES IMPORTED_LOCATION [==[{executor}]==])
pgratchet_add_migrations(shop DIRECTORY migrations)
"""


class Builds(Faults):
    generator = "Ninja"

    def setUp(self):
        super().setUp()
        self.write(**FILES)
        self.build = self.work / "build"
        (self.work / "CMakeLists.txt").write_text(LISTS.format(project=PROJECT, executor=self.executor.program), encoding="utf-8")
        self.name = self.database()
        kept = {k: v for k, v in self.executor.environment(self.cluster.conninfo(self.name)).items()
                if not k.startswith(("MAKE", "CMAKE_", "CTEST_"))}
        self.environment = {**kept, "SHADOW_URL": self.cluster.conninfo("postgres")}
        self.cmake("-G", self.generator, "-S", self.work, "-B", self.build, "-DPGRATCHET_ENVIRONMENT=test",
                   f"-DPGRATCHET_URL_VARIABLE={executor.URL_VARIABLE}", "-DPGRATCHET_SHADOW_URL_VARIABLE=SHADOW_URL")
        self.cmake("--build", self.build)
        self.plan = self.build / "pgratchet" / "shop.plan.json"
        self.slow(self.name)

    def cmake(self, *arguments):
        done = subprocess.run(["cmake", *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=self.environment, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def migrating(self):
        """`cmake --build` in a process group of its own, as a shell starts it, when 002 is on its way."""
        running = subprocess.Popen(["cmake", "--build", self.build, "--target", "migrate_all"], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=self.environment, text=True, start_new_session=True)
        self.addCleanup(self.end_group, running)
        self.wait_for_sleep(self.name)
        return running

    @staticmethod
    def end_group(running):
        try:
            os.killpg(running.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        running.wait(30)
        running.stdout.close()

    def group_is_gone(self, running):
        try:
            os.killpg(running.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def test_control_c(self):
        running = self.migrating()
        os.killpg(running.pid, signal.SIGINT)
        output, _ = running.communicate(timeout=60)
        self.assertNotEqual(running.returncode, 0)
        self.assertIn("error: interrupted by SIGINT\n  002 was rolled back; test stays at 001\n", output)
        # It has waited for that: all that was to end has ended before cmake.
        self.assertEqual(self.psql(self.name, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"), "0")
        self.goes_on()

    def test_cmake_alone_is_asked_to_end(self):
        running = self.migrating()
        running.terminate()
        output, _ = running.communicate(timeout=60)
        self.assertEqual(running.returncode, -signal.SIGTERM)
        self.assertIn(f"error: interrupted, as the build that started this was asked to end (cmake, process {running.pid})", output)
        self.assertIn("  002 was rolled back; test stays at 001\n", output)
        self.wait_until("postgres", "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep')")
        self.goes_on()

    def test_the_build_is_killed(self):
        running = self.migrating()
        running.kill()
        output, _ = running.communicate(timeout=60)  # to its end: the executor, ninja and make hold the pipe, too
        self.assertIn(f"error: interrupted, as the build that started this is gone (cmake, process {running.pid})", output)
        self.assertIn("  002 was rolled back; test stays at 001\n", output)
        self.goes_on()

    def test_a_compile(self):
        self.write(_004_slow="CREATE TABLE slow ();\nSELECT pg_sleep(60);")
        running = subprocess.Popen(["cmake", "--build", self.build], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   env=self.environment, text=True, start_new_session=True)
        self.addCleanup(self.end_group, running)
        self.wait_until("postgres", "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'pgratchet compile' AND wait_event = 'PgSleep')")
        running.terminate()
        output, _ = running.communicate(timeout=60)
        self.assertIn("error: interrupted, as the build that started this was asked to end", output)
        self.path("004_slow").unlink()
        self.goes_on()

    def goes_on(self):
        self.assert_at(self.name, "001")
        self.set_sleep(self.name, None)
        self.wait_gone(self.name)
        self.cmake("--build", self.build, "--target", "migrate_all")
        self.assert_at(self.name, "003")


class Makefiles(Builds):
    generator = "Unix Makefiles"

    def test_a_busy_make_is_left_alone(self):
        """It blocks SIGTERM for a moment whenever it starts a job: nobody has asked it to end for that."""
        self.set_sleep(self.name, 6)
        jobs = "".join(f"job{n}:\n\t@true\n" for n in range(3000))
        (self.work / "busy.mk").write_text(f"all: migrate {' '.join(f'job{n}' for n in range(3000))}\n"
                                           f"migrate:\n\t+cmake --build {self.build} --target migrate_all\n{jobs}", encoding="utf-8")
        done = subprocess.run(["make", "-j2", "-f", self.work / "busy.mk"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=self.environment, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assert_at(self.name, "003")


class ByThemselves(Faults):
    def test_an_executor_whose_shell_ends_goes_on(self):
        """`nohup pgratchet apply &` in a shell that is closed: nobody has asked to end with a build."""
        self.migrations(**FILES)
        database = self.slow(self.database(), 1)
        shell = subprocess.Popen(["sh", "-c", '"$@" & sleep 60', "sh", self.executor.program, "apply", "--plan", self.plan, "--environment", "test",
                                  "--url-variable", executor.URL_VARIABLE], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 env=self.executor.environment(self.cluster.conninfo(database)))
        self.addCleanup(self.end, shell)
        self.wait_for_sleep(database)
        shell.kill()
        shell.wait(30)
        self.wait_gone(database)
        self.assert_goes_on(database, "003")


if __name__ == "__main__":
    unittest.main()
