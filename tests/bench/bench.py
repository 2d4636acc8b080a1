# SPDX-License-Identifier: Apache-2.0
"""Paired, repeated figures: each pair runs one after the other on one machine, the ratio is the median of the pairs' ratios.

apply     `pgratchet apply` of N files to an empty database, against one libpq connection that sends the same files; fsync on
no-op     apply and status with N applied
compile   `pgratchet compile` of N files, against the same plain apply on the shadow's own server: one that is named, with
          fsync on, and a local one, which has it off
growth    compile of 2N files against N, on a local server
configure CMake's configuring of a project with N migrations against one with 4

Times of pgratchet are those of the whole process, start and connection included; the plain apply counts the sending alone.

Nothing is deleted between two runs on a disk: for minutes after a database was dropped ext4 passes over each of its inodes
(recently_deleted) whenever it makes a file, and the next run, whichever it is, would pay for that. Compiling drops its shadow
itself: on a named server the next pair, whose plain apply comes first, is begun only some time after that (--pause), and the
figures of a local server are taken in memory where there is a /dev/shm.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "support"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import executor  # noqa: E402
import migrations  # noqa: E402
import postgres  # noqa: E402

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def timed(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


class Bench:
    def __init__(self, given, work):
        self.given, self.work, self.made = given, work, 0
        self.executor = executor.Executor(given.executor)
        self.folders = {n: migrations.generate(work / f"migrations-{n}", n) for n in (4, given.count, 2 * given.count)}

    def report(self, name, pairs, limit=None):
        """pairs: (ours, reference) in seconds"""
        ratios = sorted(a / b for a, b in pairs)
        ours, reference = (statistics.median(p[i] for p in pairs) for i in (0, 1))
        verdict = "" if limit is None else f"  limit {limit}: {'holds' if statistics.median(ratios) <= limit else 'BROKEN'}"
        print(f"{name:<32} {ours:9.3f} s against {reference:9.3f} s   ratio {statistics.median(ratios):5.2f} "
              f"({ratios[0]:.2f} to {ratios[-1]:.2f}, {len(pairs)} pairs){verdict}", flush=True)

    # ---- What is timed ----

    def plain(self, cluster, database, count):
        files = [str(p) for p in sorted(self.folders[count].glob("*.sql"))]
        done = subprocess.run([self.given.plain_apply, *files], check=True, stdout=subprocess.PIPE, text=True,
                              env={**os.environ, "PLAIN_APPLY_URL": cluster.conninfo(database)})
        return float(done.stdout)

    def new_database(self, cluster):
        self.made += 1
        cluster.create_database(f"bench_{self.made}")
        cluster.psql("postgres", "CHECKPOINT")
        return f"bench_{self.made}"

    def plain_on_new_database(self, cluster, count):
        return self.plain(cluster, self.new_database(cluster), count)

    def plan(self, count):
        return self.work / f"plan-{count}.json"

    def compile(self, count, **shadow):
        return timed(lambda: self.executor.compile(self.folders[count], self.plan(count), **shadow).require())

    def apply_to(self, url, count):
        return timed(lambda: self.executor.apply(self.plan(count), url).require())

    # ---- Figures ----

    def figures_of_compile(self):
        n = self.given.count
        with tempfile.TemporaryDirectory(prefix="pgr-bench-", dir=MEMORY) as folder, postgres.Cluster() as local:
            shadow = {"data_dir": Path(folder) / "shadow"}
            self.compile(4, **shadow)  # makes the shadow's cluster, which is no part of a compile
            pairs, growth = [], []
            for _ in range(self.given.repeat):
                plain, ours = self.plain_on_new_database(local, n), self.compile(n, **shadow)
                pairs.append((ours, plain))
                growth.append((self.compile(2 * n, **shadow), ours))
        self.report(f"compile of {n}, local shadow", pairs)
        self.report(f"compile of {2 * n} against {n}", growth, 2.3)

    def figures_of_compile_on_named_server(self):
        n, pairs = self.given.count, []
        with postgres.Cluster(fsync=True) as cluster:
            shadow = {"shadow_url": cluster.conninfo("postgres")}
            for turn in range(self.given.repeat):
                time.sleep(self.given.pause if turn else 0)
                plain, ours = self.plain_on_new_database(cluster, n), self.compile(n, **shadow)
                pairs.append((ours, plain))
        self.report(f"compile of {n}, fsync on", pairs, 2.5)

    def figures_of_apply(self):
        n, pairs, idle, status = self.given.count, [], [], []
        with postgres.Cluster(fsync=True) as cluster:
            for turn in range(self.given.repeat):
                url = cluster.conninfo(self.new_database(cluster))
                if turn % 2:  # neither always gets the warmer server
                    ours, plain = self.apply_to(url, n), self.plain_on_new_database(cluster, n)
                else:
                    plain, ours = self.plain_on_new_database(cluster, n), self.apply_to(url, n)
                pairs.append((ours, plain))
                idle.append((self.apply_to(url, n), plain))
                status.append((timed(lambda: self.executor.on("status", self.plan(n), url).require()), plain))
        self.report(f"apply of {n}, fsync on", pairs, 1.25)
        self.report(f"apply, nothing to do at {n}", idle)
        self.report(f"status at {n}", status)

    def configure(self, count):
        source, build = self.work / f"project-{count}", self.work / f"build-{count}"
        source.mkdir(exist_ok=True)
        (source / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(bench LANGUAGES C CXX)\n"
            f'add_subdirectory("{PROJECT}" pgratchet)\nenable_testing()\n'
            f'pgratchet_add_migrations(bench DIRECTORY "{self.folders[count]}")\n', encoding="utf-8")
        shutil.rmtree(build, ignore_errors=True)
        command = ["cmake", "-S", source, "-B", build, "-G", self.given.generator, "-DPGRATCHET_SERVER=local"]

        def run():
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        run()  # finds compilers and libraries
        return timed(run)

    def figures_of_configure(self):
        n = self.given.count
        self.report(f"configure with {n} against 4", [(self.configure(n), self.configure(4)) for _ in range(self.given.repeat)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--executor", default=os.environ.get("PGRATCHET_EXECUTOR"))
    parser.add_argument("--plain-apply", required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--pause", type=int, default=60, help="seconds between a shadow dropped on a disk and the next run")
    parser.add_argument("--generator", default="Ninja")
    parser.add_argument("--only", choices=["compile", "apply", "configure"], help="apply needs a plan, and compiles one first")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pgr-bench-") as folder:
        work = Path(folder)
        work.chmod(0o755)
        bench = Bench(given, work)
        if given.only in (None, "compile"):
            bench.figures_of_compile()
            bench.figures_of_compile_on_named_server()
        if given.only == "apply":
            bench.compile(given.count, data_dir=work / "shadow")
        if given.only in (None, "apply"):
            bench.figures_of_apply()
        if given.only in (None, "configure"):
            bench.figures_of_configure()


if __name__ == "__main__":
    main()
