# SPDX-License-Identifier: Apache-2.0
"""`diff`: what lies between two versions, and between an environment and a version; drift that is about one file."""

import unittest

from write_support import Deployment, executor

FIRST = """CREATE TABLE jobs (id integer PRIMARY KEY, note text);
CREATE VIEW open_jobs AS SELECT id FROM jobs;
CREATE FUNCTION touch() RETURNS void LANGUAGE sql AS $$ SELECT 1 $$;"""
SECOND = """ALTER TABLE jobs ALTER note SET NOT NULL, ADD priority smallint DEFAULT 5;
COMMENT ON TABLE jobs IS 'what is to be done';
GRANT SELECT ON jobs TO app;
ALTER FUNCTION touch() OWNER TO app_owner;
REVOKE ALL ON FUNCTION touch() FROM PUBLIC;
DROP VIEW open_jobs;"""
SECOND_IN_WORDS = """001 -> 002: 1 added, 3 changed, 2 dropped
~ column public.jobs.note
    not null: no -> yes
+ column public.jobs.priority
    default: 5
    type: smallint
- column public.open_jobs.id
    type: integer
~ function public.touch()
    owner: (none) -> app_owner
    privileges: (none) -> 
~ table public.jobs
    comment: (none) -> what is to be done
    privileges: (none) -> app=SELECT
- view public.open_jobs
    definition:
       SELECT jobs.id
         FROM jobs;
"""


class Versions(Deployment):
    def setUp(self):
        super().setUp()
        self.migrations(_001_jobs=FIRST, _002_more=SECOND)

    def diff(self, *extra, code=0):
        return self.executor.run("diff", "--plan", self.plan, *extra).require(code)

    def test_in_words(self):
        text = SECOND_IN_WORDS.replace("jobs.id\n         FROM jobs", "id\n         FROM public.jobs" if self.cluster.major >= 16
                                       else "jobs.id\n         FROM public.jobs")
        for extra in ((), ("--to", "002"), ("--from", "001"), ("--from", "001", "--to", "002")):
            self.assertEqual(self.diff(*extra).stdout, text)

    def test_backwards(self):
        said = self.diff("--from", "002", "--to", "001").stdout
        self.assertTrue(said.startswith("002 -> 001: 2 added, 3 changed, 1 dropped\n"), said)
        self.assertIn("    owner: app_owner -> (none)\n", said)

    def test_from_the_empty_database(self):
        self.assertIn("empty -> 001: ", self.diff("--to", "001").stdout)
        self.assertIn("+ table public.jobs\n", self.diff("--from", "empty", "--to", "002").stdout)
        self.assertEqual(self.diff("--from", "001", "--to", "001").stdout, "001 -> 001: no difference\n")

    def test_json(self):
        document = self.diff("--format", "json").json()
        self.assertEqual((document["from"], document["to"], len(document["changes"])), ("001", "002", 6))
        self.assertEqual(document["changes"][0],
                         {"change": "changed", "kind": "column", "identity": "public.jobs.note",
                          "attributes": [{"attribute": "not null", "before": None, "after": "yes"}]})
        self.assertEqual({one["change"] for one in document["changes"]}, {"added", "changed", "dropped"})

    def test_wrong_arguments(self):
        self.assertIn("the plan has no version 007", self.diff("--to", "007", code=executor.USAGE).stderr)
        self.diff("--format", "xml", code=executor.USAGE)
        self.diff("--from", "001", "--environment", "x", "--url-variable", "X", code=executor.USAGE)


class Environments(Deployment):
    def setUp(self):
        super().setUp()
        self.migrations(_001_jobs=FIRST, _002_more=SECOND)

    def between(self, database, *extra):
        return self.executor.on("diff", self.plan, self.cluster.conninfo(database), *extra).require()

    def test_what_apply_would_do(self):
        database = self.database()
        self.apply(database, to="001")
        ours = self.executor.run("diff", "--plan", self.plan).require().stdout
        self.assertEqual(self.between(database).stdout, ours.replace("001 -> 002", "test -> 002"))
        self.apply(database)
        self.psql(database, "CREATE TABLE of_somebody_else ()")
        self.assertEqual(self.between(database).stdout, "test -> 002: no difference\n")

    def test_what_was_changed_by_hand(self):
        database = self.database()
        self.apply(database)
        self.psql(database, "REVOKE SELECT ON jobs FROM app; COMMENT ON TABLE jobs IS NULL; DROP FUNCTION touch()")
        changes = self.between(database, "--format", "json").json()["changes"]
        self.assertEqual([(one["change"], one["identity"]) for one in changes],
                         [("added", "public.touch()"), ("changed", "public.jobs")])
        self.assertEqual([each["attribute"] for each in changes[1]["attributes"]], ["comment", "privileges"])

    def test_to_an_older_version(self):
        database = self.database()
        self.apply(database, to="001")
        self.assertEqual(self.between(database, "--to", "001").stdout, "test -> 001: no difference\n")


class AnotherFile(Deployment):
    """Drift whose words say that another file of that number was applied."""

    def words(self, database):
        return self.executor.on("status", self.plan, self.cluster.conninfo(database)).require().stdout

    def test_another_002(self):
        self.migrations(_001_jobs=FIRST, _002_more="CREATE TABLE results (id bigint);\nALTER TABLE jobs ADD a text;")
        database = self.database()
        self.apply(database)
        self.path("002_more").unlink()
        self.migrations(_002_other="CREATE TABLE results (id integer, at date);\nALTER TABLE jobs ADD a varchar(9);")
        said = self.words(database)
        self.assertIn("  all of it is about what 002_other.sql does: either test got another 002 than this plan has, or what it "
                      "made was changed since\n", said)
        self.assertIn("all of it is about what 002_other.sql does", self.assert_refused(database, "has drifted").stderr)

    def test_what_several_files_made(self):
        self.migrations(_001_jobs=FIRST, _002_more="CREATE TABLE results (id bigint);")
        database = self.database()
        self.apply(database)
        self.psql(database, "ALTER TABLE jobs ALTER note TYPE varchar(9); ALTER TABLE results ALTER id TYPE integer")
        self.assertNotIn("all of it is about", self.words(database))

    def test_no_drift(self):
        self.migrations(_001_jobs=FIRST, _002_more=SECOND)
        database = self.database()
        self.apply(database, to="001")
        self.assertNotIn("all of it is about", self.words(database))


if __name__ == "__main__":
    unittest.main()
