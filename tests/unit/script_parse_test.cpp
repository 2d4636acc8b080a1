// SPDX-License-Identifier: Apache-2.0
// What a migration is once it is taken apart: ranges, places, and what the parser says of each statement.
#include "script/script.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace pgratchet;
using namespace pgratchet::script;

namespace {

/// The one statement of a migration's body.
statement only(std::string const& sql)
{
    parsed const p = parse("f.sql", "BEGIN;\n" + sql + ";\nCOMMIT;\n");
    EXPECT_TRUE(p.diagnostics.empty()) << sql;
    EXPECT_EQ(p.result.body.size(), 1U) << sql;
    return p.result.body.empty() ? statement{} : p.result.body.front();
}

using texts = std::vector<std::string>;

} // namespace

TEST(script, is_taken_apart)
{
    parsed const p =
        parse("001_a.sql", "\xEF\xBB\xBF-- head\r\nbegin isolation level serializable;\r\n"
                           "set transaction read write; SET LOCAL transaction_isolation = 'serializable';\r\n"
                           "  /* x */ create unique index concurrently i on \"t\" (a) -- y\r\n ;\r\nCommit;");
    ASSERT_TRUE(p.diagnostics.empty());
    auto const& s = p.result;
    EXPECT_EQ(s.file, "001_a.sql");
    EXPECT_EQ(s.mode, transaction_mode::wrapped);
    EXPECT_EQ(s.text_of(*s.begin), "begin isolation level serializable");
    EXPECT_EQ(s.begin->where, (report::location{"001_a.sql", 2, 1}));
    EXPECT_EQ(s.text_of(*s.set_transaction),
              "set transaction read write; SET LOCAL transaction_isolation = 'serializable'");
    EXPECT_EQ(s.text_of(*s.commit), "Commit");
    ASSERT_EQ(s.body.size(), 1U);
    EXPECT_EQ(s.text_of(s.body[0]), "create unique index concurrently i on \"t\" (a)");
    EXPECT_EQ(s.body[0].where, (report::location{"001_a.sql", 4, 11}));
    EXPECT_EQ(s.body[0].command, "CREATE INDEX");
    EXPECT_EQ(s.body[0].node, "IndexStmt");
    EXPECT_EQ(s.begin->node, "TransactionStmt");
    EXPECT_FALSE(s.text.starts_with("\xEF"));
}

TEST(script, a_set_transaction_in_the_middle_is_body)
{
    parsed const p = parse("f", "BEGIN; SELECT 1; SET TRANSACTION READ ONLY; COMMIT");
    EXPECT_FALSE(p.result.set_transaction);
    EXPECT_EQ(p.result.body.size(), 2U);
}

TEST(script, places_and_server_positions)
{
    parsed const p = parse("f.sql", "BEGIN;\r\n\tSELECT 'größe',\r\n '😀', x;\r\nCOMMIT;");
    auto const& s = p.result;
    ASSERT_EQ(s.body.size(), 1U);
    // The server counts characters from 1 within the statement, carriage returns too.
    std::size_t const x = s.offset_of(s.body[0], 24);
    EXPECT_EQ(s.text.substr(x, 1), "x");
    EXPECT_EQ(s.location_of(x), (report::location{"f.sql", 3, 7}));
    EXPECT_EQ(s.offset_of(s.body[0], 1), s.body[0].begin);
    EXPECT_EQ(s.offset_of(s.body[0], 0), s.body[0].begin);
    EXPECT_EQ(s.offset_of(s.body[0], 9999), s.body[0].end);
    EXPECT_EQ(s.location_of(0), (report::location{"f.sql", 1, 1}));
    EXPECT_EQ(s.location_of(9999).line, 4U);
}

TEST(script, what_the_parser_refuses_is_no_error_of_the_file)
{
    parsed const p = parse("f.sql", "BEGIN;\nCREATE TABLE ä (a int, ö int GENERATED ALWAYS AS (a) VIRTUAL);\nCOMMIT;");
    EXPECT_TRUE(p.diagnostics.empty());
    statement const& s = p.result.body.at(0);
    EXPECT_EQ(s.parser_message, "syntax error at or near \"VIRTUAL\"");
    EXPECT_EQ(p.result.text.substr(s.parser_offset, 7), "VIRTUAL");
    EXPECT_EQ(s.node, "");
    EXPECT_EQ(s.command, "CREATE TABLE");
    EXPECT_FALSE(s.schema_only);
}

TEST(script, one_unknown_statement_does_not_hide_the_others)
{
    parsed const p =
        parse("f", "BEGIN; CREATE TABLE t (); MERGE INTO t USING s ON a = b WHEN MATCHED THEN DELETE RETURNING 1;"
                   " CREATE VIEW v AS SELECT 1; COMMIT;");
    ASSERT_EQ(p.result.body.size(), 3U);
    EXPECT_TRUE(p.result.body[0].schema_only);
    EXPECT_NE(p.result.body[1].parser_message, "");
    EXPECT_EQ(p.result.body[1].node, "");
    EXPECT_TRUE(p.result.body[2].schema_only);
    EXPECT_FALSE(p.result.schema_only());
}

TEST(script, an_error_at_the_end_has_a_place)
{
    statement const s = only("SELECT 1 +");
    EXPECT_EQ(s.parser_message, "syntax error at end of input");
    EXPECT_EQ(s.parser_offset, s.end);
}

TEST(script, commands_have_the_names_that_people_give_them)
{
    std::vector<std::pair<std::string, std::string>> const cases{
        {"create or replace view v as select 1", "CREATE VIEW"},
        {"CREATE UNLOGGED TABLE t ()", "CREATE TABLE"},
        {"CREATE MATERIALIZED VIEW v AS SELECT 1", "CREATE MATERIALIZED VIEW"},
        {"CREATE CONSTRAINT TRIGGER x AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "CREATE TRIGGER"},
        {"ALTER TYPE e ADD VALUE 'x'", "ALTER TYPE"},
        {"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO x", "ALTER DEFAULT PRIVILEGES"},
        {"CREATE FOREIGN DATA WRAPPER w", "CREATE FOREIGN DATA WRAPPER"},
        {"DROP TEXT SEARCH DICTIONARY d", "DROP TEXT SEARCH DICTIONARY"},
        {"CREATE OPERATOR CLASS c FOR TYPE t USING btree AS STORAGE t", "CREATE OPERATOR CLASS"},
        {"CREATE USER joe", "CREATE USER"},
        {"CREATE USER MAPPING FOR joe SERVER s", "CREATE USER MAPPING"},
        {"REFRESH MATERIALIZED VIEW v", "REFRESH MATERIALIZED VIEW"},
        {"COMMENT ON TABLE t IS 'x'", "COMMENT"},
        {"insert into t values (1)", "INSERT"},
        {"ROLLBACK TRANSACTION TO a", "ROLLBACK"},
        {"SECURITY LABEL ON TABLE t IS 'x'", "SECURITY LABEL"},
        {"(SELECT 1)", "statement"},
    };
    for (auto const& [sql, name] : cases) {
        EXPECT_EQ(only(sql).command, name) << sql;
    }
}

TEST(schema_only, what_defines_schema)
{
    for (char const* sql : {
             "CREATE TABLE t (a int DEFAULT f(), CHECK (f(a)))",
             "CREATE TABLE p PARTITION OF t FOR VALUES FROM (1) TO (2)",
             "ALTER TABLE t ADD COLUMN a int DEFAULT f()",
             "ALTER TABLE t ALTER a TYPE text",
             "ALTER TABLE t ALTER a TYPE text USING a",
             "ALTER TABLE t ALTER \"A\" TYPE text USING t.\"A\"::text",
             "ALTER TABLE t ALTER a TYPE numeric(10, 2) USING a::numeric(10, 2)",
             "ALTER TABLE t DROP a, ADD a text GENERATED ALWAYS AS (b) STORED",
             "ALTER TABLE t ALTER a SET DEFAULT f(a), ADD b int DEFAULT g(), DROP c",
             "ALTER TABLE t ALTER a SET GENERATED ALWAYS SET INCREMENT 2",
             "ALTER TABLE t ATTACH PARTITION p DEFAULT",
             "ALTER TABLE t VALIDATE CONSTRAINT c",
             "CREATE UNIQUE INDEX ON t (f(a)) WHERE g(a)",
             "CREATE VIEW v AS SELECT f()",
             "CREATE MATERIALIZED VIEW v AS SELECT f()",
             "REFRESH MATERIALIZED VIEW v",
             "CREATE TABLE t AS SELECT 1 WITH NO DATA",
             "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; END $$",
             "CREATE PROCEDURE f() LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (1); DELETE FROM t; END",
             "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW WHEN (f()) EXECUTE FUNCTION g()",
             "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM u; SELECT 1)",
             "CREATE POLICY p ON t USING (f())",
             "CREATE TYPE e AS ENUM ('a')",
             "ALTER TYPE e ADD VALUE 'b'",
             "CREATE TYPE c AS (a int)",
             "CREATE DOMAIN d AS int CHECK (f(VALUE))",
             "CREATE AGGREGATE a (int) (SFUNC = f, STYPE = int)",
             "CREATE SCHEMA s CREATE TABLE t (a int) CREATE VIEW v AS SELECT 1",
             "CREATE EXTENSION pgcrypto",
             "CREATE SEQUENCE s START 5",
             "ALTER SEQUENCE s INCREMENT 5",
             "DROP TABLE t",
             "DROP FUNCTION f",
             "ALTER TABLE t RENAME a TO b",
             "ALTER TABLE t SET SCHEMA s",
             "ALTER TABLE t OWNER TO o",
             "COMMENT ON TABLE t IS 'INSERT'",
             "GRANT SELECT ON t TO r",
             "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO r",
             "SET LOCAL lock_timeout = '1s'",
             "RESET ALL",
             "LOCK TABLE t",
             "VACUUM t",
             "ANALYZE",
             "SAVEPOINT a",
             "SET CONSTRAINTS ALL IMMEDIATE",
         }) {
        statement const s = only(sql);
        EXPECT_TRUE(s.schema_only) << sql;
        EXPECT_NE(s.node, "") << sql;
        EXPECT_EQ(s.parser_message, "") << sql;
    }
}

TEST(schema_only, what_may_work_on_data)
{
    std::vector<std::pair<std::string, std::string>> const cases{
        {"INSERT INTO t VALUES (1)", "InsertStmt"},
        {"update t set a = 1", "UpdateStmt"},
        {"DELETE FROM t", "DeleteStmt"},
        {"MERGE INTO t USING s ON a = b WHEN MATCHED THEN DELETE", "MergeStmt"},
        {"TRUNCATE t", "TruncateStmt"},
        {"SELECT f()", "SelectStmt"},
        {"SELECT 1", "SelectStmt"},
        {"SELECT setval('s', 1)", "SelectStmt"},
        {"SELECT 1 INTO t", "SelectStmt"},
        {"TABLE t", "SelectStmt"},
        {"VALUES (f())", "SelectStmt"},
        {"(SELECT 1) UNION SELECT 2", "SelectStmt"},
        {"WITH a AS (SELECT 1) SELECT 1", "SelectStmt"},
        {"WITH a AS (SELECT 1) INSERT INTO t SELECT 1", "InsertStmt"},
        {"WITH a AS (DELETE FROM t RETURNING 1) UPDATE t SET a = 1", "UpdateStmt"},
        {"CREATE TABLE t AS SELECT 1", "CreateTableAsStmt"},
        {"CREATE TABLE t AS EXECUTE p", "CreateTableAsStmt"},
        {"DO $$ BEGIN PERFORM 1; END $$", "DoStmt"},
        {"CALL p()", "CallStmt"},
        {"COPY t FROM '/x'", "CopyStmt"},
        {"PREPARE p AS SELECT 1", "PrepareStmt"},
        {"EXECUTE p", "ExecuteStmt"},
        {"EXPLAIN ANALYZE DELETE FROM t", "ExplainStmt"},
        {"DECLARE c CURSOR FOR SELECT f()", "DeclareCursorStmt"},
        {"ALTER SEQUENCE s RESTART WITH 5", "AlterSeqStmt"},
        {"ALTER TABLE t ALTER a RESTART", "AlterTableStmt"},
        {"ALTER TABLE t ADD b int, ALTER a SET START 2 RESTART 5", "AlterTableStmt"},
        {"ALTER TABLE t ALTER a TYPE text USING f(a)", "AlterTableStmt"},
        {"ALTER TABLE t ALTER a TYPE int USING b", "AlterTableStmt"},
        {"ALTER TABLE t ALTER a TYPE numeric USING a::integer", "AlterTableStmt"},
        {"ALTER TABLE t ALTER a TYPE numeric USING a::integer::numeric", "AlterTableStmt"},
        {"ALTER TABLE t ALTER a TYPE numeric(10, 2) USING a::numeric(10, 0)", "AlterTableStmt"},
        {"ALTER TABLE t ADD a text, DROP a", "AlterTableStmt"},
        {"ALTER TABLE t ADD c int, ALTER a TYPE int USING (a::int + 1)", "AlterTableStmt"},
        {"ALTER TABLE t DROP a, ADD a text", "AlterTableStmt"},
        {"CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", "CreateSubscriptionStmt"},
        {"CREATE ROLE r", "CreateRoleStmt"},
        {"NOTIFY x", "NotifyStmt"},
    };
    for (auto const& [sql, node] : cases) {
        statement const s = only(sql);
        EXPECT_FALSE(s.schema_only) << sql;
        EXPECT_EQ(s.node, node) << sql;
        EXPECT_EQ(s.parser_message, "") << sql;
    }
}

TEST(if_not_exists, is_read_from_the_tree)
{
    for (char const* sql : {
             "CREATE TABLE IF NOT EXISTS t ()",
             "CREATE INDEX IF NOT EXISTS i ON t (a)",
             "CREATE SCHEMA IF NOT EXISTS s",
             "CREATE EXTENSION IF NOT EXISTS e",
             "CREATE SEQUENCE IF NOT EXISTS s",
             "CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT 1",
             "CREATE TABLE IF NOT EXISTS t AS SELECT 1",
             "CREATE FOREIGN TABLE IF NOT EXISTS t () SERVER s",
             "CREATE SERVER IF NOT EXISTS s FOREIGN DATA WRAPPER w",
             "CREATE STATISTICS IF NOT EXISTS s ON a, b FROM t",
             "CREATE COLLATION IF NOT EXISTS c FROM \"C\"",
             "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int",
             "ALTER TABLE t DROP b, ADD COLUMN IF NOT EXISTS a int",
             "ALTER TYPE e ADD VALUE IF NOT EXISTS 'x'",
         }) {
        EXPECT_TRUE(only(sql).if_not_exists) << sql;
    }
    for (char const* sql :
         {"CREATE TABLE t ()", "ALTER TABLE t ADD a int, DROP COLUMN IF EXISTS b", "DROP TABLE IF EXISTS t",
          "ALTER TABLE IF EXISTS t ADD a int", "COMMENT ON TABLE t IS 'IF NOT EXISTS'"}) {
        EXPECT_FALSE(only(sql).if_not_exists) << sql;
    }
}
