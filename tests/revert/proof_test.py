# SPDX-License-Identifier: Apache-2.0
"""Compile proves files named NNN_revert_MMM: whoever wrote them, they have to take MMM back, privileges included."""

import unittest

from revert_support import Reverts, executor

FIRST = "CREATE TABLE a (id integer, note text);\nGRANT SELECT ON a TO app;"
SECOND = "ALTER TABLE a ADD x integer;\nCOMMENT ON TABLE a IS 'with x';\nGRANT INSERT ON a TO app;"
GOOD = "ALTER TABLE a DROP x;\nCOMMENT ON TABLE a IS NULL;\nREVOKE INSERT ON a FROM app;"


class Proof(Reverts):
    def refused(self, third, *words, name="_003_revert_002_second"):
        self.write(_001_first=FIRST, _002_second=SECOND, **{name: third})
        said = self.named(self.try_compile().require(executor.SQL_FAILED).stderr)
        for one in words:
            self.assertIn(one, said)

    def test_it_does(self):
        for name in ("_003_revert_002_second", "_003_revert_002"):
            self.migrations(_001_first=FIRST, _002_second=SECOND, **{name: GOOD})
            self.path(name[1:]).unlink()

    def test_something_is_left(self):
        self.refused("ALTER TABLE a DROP x;\nREVOKE INSERT ON a FROM app;",
                     "DIR/migrations/003_revert_002_second.sql:1:1: error: 003_revert_002_second.sql does not take 002 back: the schema is "
                     "not that of 001 [not-reverted]\n  how it is and is not to be (",
                     "  ~ table public.a\n      comment: (none) -> with x\n")

    def test_privileges_alone(self):
        self.refused(GOOD.replace("INSERT", "INSERT, SELECT"), "privileges: app=SELECT -> \n")

    def test_something_else_was_changed(self):
        self.refused(GOOD + "\nCREATE TABLE b ();", "  + table public.b\n")
        self.refused(GOOD + "\nALTER TABLE a DROP note;", "  - column public.a.note\n")

    def test_what_is_accepted_may_stay(self):
        body = GOOD.replace("COMMENT ON TABLE a IS NULL;\n", "-- pgratchet: accepted table public.a: the comment is right\n")
        self.migrations(_001_first=FIRST, _002_second=SECOND, _003_revert_002_second=body)
        self.refused(body.replace("public.a:", "public.b:"), "[not-reverted]")

    def test_questions_and_answers_have_a_form(self):
        for comment, rule in (("accepted table public.a", "incomplete-answer"), ("accepted table public.a:", "incomplete-answer"),
                              ("accepted: why", "incomplete-answer"), ("unanswered table public.a: rows", "unanswered"),
                              ("acepted table public.a: x", "unknown-directive")):
            self.refused(f"-- pgratchet: {comment}\n{GOOD}", f"003_revert_002_second.sql:2:1: error: ", f"[{rule}]")

    def test_a_grant_that_only_writes_the_default_down(self):
        # GRANT and REVOKE leave an ACL behind where there was none: the same privileges.
        self.migrations(_001_a="CREATE TABLE a ();", _002_b="GRANT SELECT ON a TO app;", _003_revert_002_b="REVOKE SELECT ON a FROM app;")

    def test_one_that_is_not_the_newest(self):
        later = {"_001_first": FIRST, "_002_second": SECOND, "_003_third": "CREATE TABLE c ();"}
        self.migrations(**later, _004_revert_002_second=GOOD)
        self.write(_004_revert_002_second=GOOD + "\nDROP TABLE c;")
        self.assertIn("does not take 002 back: what that file changed is not as it was at 001",
                      self.try_compile().require(executor.SQL_FAILED).stderr)

    def test_other_names(self):
        for name in ("_003_revert_2_second", "_003_revert_007_second", "_003_reverts_002", "_003_revert_0022", "_003_revert_second"):
            self.migrations(_001_first=FIRST, _002_second=SECOND, **{name: "CREATE TABLE c ();"})
            self.path(name[1:]).unlink()

    def test_up_to_the_baseline_it_is_taken_as_given(self):
        self.write(_001_first=FIRST, _002_second=SECOND, _003_revert_002_second="CREATE TABLE c ();")
        self.assertIn("[not-reverted]", self.try_compile().require(executor.SQL_FAILED).stderr)
        self.compile("--baseline", "003")


if __name__ == "__main__":
    unittest.main()
