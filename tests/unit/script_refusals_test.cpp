// SPDX-License-Identifier: Apache-2.0
// Every refusal of a migration file, with its exact place.
#include "script/script.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace pgratchet;
using namespace pgratchet::script;

namespace {

using lines = std::vector<std::string>;

std::string place(report::diagnostic const& d)
{
    return std::to_string(d.where.line) + ":" + std::to_string(d.where.column) + " " + d.name;
}

/// "line:column rule" for each diagnostic. Each must be an error with a message and a hint.
lines refusals(std::string_view text, dialect d = dialect::migration)
{
    lines out;
    for (report::diagnostic const& found : parse("004_x.sql", text, d).diagnostics) {
        EXPECT_EQ(found.where.file, "004_x.sql");
        EXPECT_FALSE(found.message.empty());
        EXPECT_TRUE(found.level == report::severity::note || found.hint) << found.name;
        out.push_back(place(found));
    }
    return out;
}

std::string wrapped(std::string const& body)
{
    return "BEGIN;\n" + body + "\nCOMMIT;\n";
}

std::string with_crlf(std::string const& text)
{
    std::string out;
    for (char const c : text) {
        out += c == '\n' ? std::string{"\r\n"} : std::string(1, c);
    }
    return out;
}

} // namespace

struct refusal_case {
    char const* text;
    lines expected;
};

TEST(refusals, of_the_transaction_around_a_migration)
{
    std::vector<refusal_case> const cases{
        {"CREATE TABLE t ();\n", {"1:1 missing-transaction"}},
        {"-- x\n  CREATE TABLE t ();\nSELECT 1;", {"2:3 missing-transaction"}},
        {"\nBEGIN;\nCREATE TABLE t ();\n", {"2:1 begin-without-commit"}},
        {"START TRANSACTION; CREATE TABLE t ();", {"1:1 begin-without-commit"}},
        {"CREATE TABLE t ();\n COMMIT;\n", {"2:2 commit-without-begin"}},
        {"CREATE TABLE t (); end;\n", {"1:20 commit-without-begin"}},
        {"SET x.y = 1;\nBEGIN;\nSELECT 1;\nCOMMIT;", {"1:1 statement-before-begin"}},
        {"COMMIT; SELECT 1; BEGIN;", {"1:1 commit-without-begin", "1:19 begin-without-commit"}},
        {"BEGIN; SELECT 1; COMMIT;\nSELECT 2; SELECT 3;", {"2:1 statement-after-commit"}},
        {"BEGIN; SELECT 1; COMMIT; COMMIT;", {"1:26 statement-after-commit"}},
        {"BEGIN; SELECT 1; COMMIT;\nBEGIN; SELECT 2; COMMIT;", {"2:1 second-transaction"}},
        {"BEGIN; SELECT 1;\nBEGIN; SELECT 2; COMMIT;", {"2:1 second-transaction"}},
        {"BEGIN; SELECT 1;\n  ROLLBACK;", {"2:3 rollback"}},
        {"BEGIN; SELECT 1;\nABORT; COMMIT;", {"2:1 rollback"}},
        {"BEGIN; SELECT 1;\nROLLBACK WORK AND CHAIN; COMMIT;", {"2:1 rollback"}},
        {"BEGIN; SELECT 1;\nCOMMIT AND CHAIN;", {"2:1 commit-and-chain"}},
        {"BEGIN; SELECT 1;\nCOMMIT TRANSACTION AND CHAIN; COMMIT;", {"2:1 commit-and-chain"}},
        {"BEGIN; SELECT 1;\nPREPARE TRANSACTION 'x';", {"2:1 prepared-transaction"}},
        {"BEGIN; COMMIT PREPARED 'x'; COMMIT;", {"1:8 prepared-transaction"}},
        {"BEGIN; ROLLBACK PREPARED 'x'; COMMIT;", {"1:8 prepared-transaction"}},
        {"BEGIN; SELECT 1\nCOMMIT;", {"2:1 missing-semicolon"}},
        {"BEGIN\nCREATE TABLE t (); SELECT 1; COMMIT;", {"2:1 missing-semicolon"}},
        {"", {"1:1 empty-body"}},
        {"\n\n-- only a comment\n", {"1:1 empty-body"}},
        {"-- pgratchet: no-transaction\n", {"1:1 empty-body"}},
        {"\n BEGIN;\n-- nothing\n;; COMMIT;", {"2:2 empty-body"}},
        {"BEGIN; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; COMMIT;", {"1:1 empty-body"}},
    };
    for (refusal_case const& c : cases) {
        EXPECT_EQ(refusals(c.text), c.expected) << c.text;
    }
}

TEST(refusals, none_for_what_is_right)
{
    for (char const* text :
         {"BEGIN; SELECT 1; COMMIT;", "begin work; SELECT 1; end transaction",
          "START TRANSACTION READ WRITE;SELECT 1;COMMIT",
          "BEGIN; SAVEPOINT a; SELECT 1; ROLLBACK TO SAVEPOINT a; RELEASE a; COMMIT WORK;",
          "BEGIN NOT DEFERRABLE; SELECT 1 commit; COMMIT", "BEGIN; ROLLBACK WORK TO a; COMMIT AND NO CHAIN;",
          "BEGIN; SELECT 1; COMMIT;;; -- done\n/* yes */", "-- pgratchet: no-transaction\nVACUUM;",
          "BEGIN; PREPARE p AS SELECT 1; COMMIT;",
          "BEGIN; SELECT E'\\\\'; SELECT '\\'; SELECT $$\\i x$$ /* \\q */; -- \\q\nCOMMIT;",
          "BEGIN; COPY t FROM '/tmp/x'; COPY t TO PROGRAM 'cat'; COPY t (stdin) FROM '/x'; COMMIT;",
          "BEGIN; CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END; COMMIT;"}) {
        EXPECT_EQ(refusals(text), lines{}) << text;
    }
}

TEST(refusals, of_a_file_without_a_transaction)
{
    std::string const head = "-- pgratchet: no-transaction\n";
    EXPECT_EQ(refusals(head + "BEGIN;\nVACUUM;\nCOMMIT;"),
              (lines{"2:1 transaction-in-no-transaction", "4:1 transaction-in-no-transaction"}));
    EXPECT_EQ(refusals(head + "VACUUM; ROLLBACK;"), (lines{"2:9 rollback"}));
    EXPECT_EQ(refusals(head + "COMMIT PREPARED 'x';"), (lines{"2:1 prepared-transaction"}));
    EXPECT_EQ(refusals(head + "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p;\nDROP /* */ subscription s;"),
              (lines{"2:1 slot-at-publisher", "3:1 slot-at-publisher"}));
    EXPECT_EQ(refusals(head + "ALTER SUBSCRIPTION s DISABLE;"), lines{});
    for (std::string const option : {"connect = false", "CREATE_SLOT=off", "create_slot = '0'"}) {
        EXPECT_EQ(refusals(head + "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (" + option + ");"), lines{});
    }
    EXPECT_EQ(refusals("BEGIN;\nDROP SUBSCRIPTION s;\nCOMMIT;"), lines{});
}

TEST(refusals, of_directives)
{
    std::string const end = "\nVACUUM;";
    for (char const* good :
         {"-- pgratchet: no-transaction", "--pgratchet:no-transaction", "--  pgratchet :  no-transaction \t",
          "/* x */ -- prose\n\t-- pgratchet: no-transaction\r"}) {
        EXPECT_EQ(refusals(good + end), lines{}) << good;
        EXPECT_EQ(parse("f", good + end).result.mode, transaction_mode::none) << good;
    }
    std::vector<refusal_case> const cases{
        {"-- pgratchet: no-transactions", {"1:1 unknown-directive", "2:1 missing-transaction"}},
        {"-- pgratchet:", {"1:1 unknown-directive", "2:1 missing-transaction"}},
        {"-- pgratchet: fast", {"1:1 unknown-directive", "2:1 missing-transaction"}},
        {"  -- pgrachet: no-transaction", {"1:3 misspelt-directive", "2:1 missing-transaction"}},
        {"-- PGRATCHET: NO-TRANSACTION", {"1:1 misspelt-directive", "2:1 missing-transaction"}},
        {"-- pgratchet no-transaction", {"1:1 misspelt-directive", "2:1 missing-transaction"}},
        {"-- pgratchet: no_transaction", {"1:1 unknown-directive", "2:1 missing-transaction"}},
        {"/* pgratchet: no-transaction */", {"1:1 misspelt-directive", "2:1 missing-transaction"}},
        {"-- pgratchet: no-transaction\n-- pgratchet: no-transaction", {"2:1 repeated-directive"}},
        {"-- pgratchet runs this without a transaction", {"2:1 missing-transaction"}},
        {"-- pgbouncer: no", {"2:1 missing-transaction"}},
    };
    for (refusal_case const& c : cases) {
        EXPECT_EQ(refusals(c.text + end), c.expected) << c.text;
    }
    EXPECT_EQ(refusals(wrapped("SELECT 1; -- pgratchet: no-transaction")), (lines{"2:11 misplaced-directive"}));
    EXPECT_EQ(refusals(wrapped("SELECT -- pgratchet: no-transaction\n1;")), (lines{"2:8 misplaced-directive"}));
    EXPECT_EQ(refusals(wrapped("DO $$ -- pgratchet: no-transaction\n$$;")), lines{});
    auto const d = parse("f", "-- pgratchet: no-transactions" + end).diagnostics.front();
    EXPECT_EQ(d.message, "unknown pgratchet directive \"no-transactions\"");
    EXPECT_EQ(d.hint, "write `-- pgratchet: no-transaction`");
}

TEST(refusals, of_settings_by_which_the_file_is_read_otherwise)
{
    for (char const* sql : {"SET client_encoding = 'LATIN1'", "set local CLIENT_ENCODING to sql_ascii",
                            "SET NAMES 'win1252'", "SET SESSION client_encoding = utf16"}) {
        EXPECT_EQ(refusals(wrapped(std::string{sql} + ";\nSELECT 1;")), (lines{"2:1 client-encoding"})) << sql;
    }
    for (char const* sql :
         {"SET standard_conforming_strings = off", "SET LOCAL standard_conforming_strings TO 'off'"}) {
        EXPECT_EQ(refusals(wrapped(std::string{sql} + ";\nSELECT 1;")), (lines{"2:1 string-escapes"})) << sql;
    }
    for (char const* sql : {"SET client_encoding = 'UTF8'", "SET client_encoding TO \"utf-8\"", "SET NAMES DEFAULT",
                            "SET NAMES 'Unicode'", "RESET client_encoding", "SHOW client_encoding",
                            "SET standard_conforming_strings = on", "SET LOCAL standard_conforming_strings TO true",
                            "SET local.client_encoding = 'x'"}) {
        EXPECT_EQ(refusals(wrapped(std::string{sql} + ";\nSELECT 1;")), lines{}) << sql;
    }
}

TEST(refusals, of_psql_meta_commands)
{
    EXPECT_EQ(refusals(wrapped("\\restrict abc\nSELECT 1;\n\\unrestrict abc")),
              (lines{"2:1 meta-command", "4:1 meta-command"}));
    EXPECT_EQ(refusals("\\connect other\nBEGIN; SELECT 1; COMMIT;"), (lines{"1:1 meta-command"}));
    EXPECT_EQ(refusals(wrapped("SELECT 1; \\i other.sql 'unclosed")), (lines{"2:11 meta-command"}));
    EXPECT_EQ(refusals(wrapped("SELECT 1 \\gset")), (lines{"2:10 meta-command"}));
    EXPECT_EQ(refusals(wrapped("SELECT 'ä' \\\\ 2;")), (lines{"2:12 meta-command"}));
    auto const d = parse("f", "\\connect other\nBEGIN; SELECT 1; COMMIT;").diagnostics.front();
    EXPECT_EQ(d.message, "psql meta-command \\connect");
}

TEST(refusals, of_copy_from_and_to_the_client)
{
    EXPECT_EQ(refusals(wrapped("COPY t (a, b) FROM stdin;\n1\tit's \\N\n\\.\nSELECT 1;")),
              (lines{"2:1 copy-from-stdin"}));
    EXPECT_EQ(refusals(wrapped("  copy \"from\" FROM STDIN WITH (FORMAT csv);")), (lines{"2:3 copy-from-stdin"}));
    EXPECT_EQ(refusals(wrapped("COPY t FROM stdout;")), (lines{"2:1 copy-from-stdin"}));
    EXPECT_EQ(refusals(wrapped("COPY (SELECT 1 FROM t) TO stdout;")), (lines{"2:1 copy-to-stdout"}));
    EXPECT_EQ(refusals(wrapped("COPY a FROM stdin;\nCOPY b FROM stdin;")),
              (lines{"2:1 copy-from-stdin", "3:1 copy-from-stdin"}));
}

TEST(refusals, of_what_is_never_closed)
{
    EXPECT_EQ(refusals("BEGIN;\nSELECT 'a;\nCOMMIT;"), (lines{"2:8 unterminated-string"}));
    EXPECT_EQ(refusals("BEGIN;\nSELECT E'a\\';\nCOMMIT;"), (lines{"2:8 unterminated-string"}));
    EXPECT_EQ(refusals("BEGIN;\nSELECT \"a;\nCOMMIT;"), (lines{"2:8 unterminated-quoted-name"}));
    EXPECT_EQ(refusals("BEGIN;\n\t/* a /* b */\nCOMMIT;"), (lines{"2:2 unterminated-comment"}));
    EXPECT_EQ(refusals("BEGIN;\nDO $x$ a $$;\nCOMMIT;"), (lines{"2:4 unterminated-dollar-quote"}));
    EXPECT_EQ(refusals("BEGIN;\nCREATE TABLE t (a int, b numeric(1,2);\nCOMMIT;"),
              (lines{"2:16 unclosed-parenthesis"}));
    EXPECT_EQ(refusals("BEGIN;\nCREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;\nCOMMIT;"),
              (lines{"2:33 unclosed-body"}));
    EXPECT_EQ(parse("f", "DO $x$ a").diagnostics.front().hint, "close it with $x$");
}

TEST(refusals, of_bytes_that_are_no_text)
{
    using namespace std::string_literals;
    EXPECT_EQ(refusals("BEGIN;\nSELECT 'ä\0';\nCOMMIT;"s), (lines{"2:10 nul-byte"}));
    EXPECT_EQ(refusals("BEGIN;\nSELECT 'ä\xE4';\nCOMMIT;"), (lines{"2:10 not-utf-8"}));
    EXPECT_EQ(refusals("\xFF\xFE"
                       "B\0E\0"s),
              (lines{"1:1 not-utf-8"}));
    for (char const* bad :
         {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
          "\xF5\x80\x80\x80", "\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xFE"}) {
        EXPECT_EQ(refusals(wrapped("-- "s + bad)), (lines{"2:4 not-utf-8"})) << bad;
    }
    for (char const* good : {"\xC2\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
        EXPECT_EQ(refusals(wrapped("SELECT 1; -- "s + good)), lines{}) << good;
    }
}

TEST(refusals, stand_at_the_same_place_whatever_the_line_ends)
{
    std::string const text = "BEGIN;\n\tSELECT 'größe', '日本', '😀';\tROLLBACK;\n  \\q\nCOMMIT;\n";
    lines const expected{"2:29 rollback", "3:3 meta-command"};
    EXPECT_EQ(refusals(text), expected);
    EXPECT_EQ(refusals(with_crlf(text)), expected);
    EXPECT_EQ(refusals("\xEF\xBB\xBF" + text), expected);
    EXPECT_EQ(refusals("\xEF\xBB\xBF" + with_crlf(text)), expected);
    EXPECT_EQ(refusals("\xEF\xBB\xBF\\q"), (lines{"1:1 meta-command", "1:1 empty-body"}));
}

TEST(refusals, come_to_an_end)
{
    std::string text;
    for (int i = 0; i < 1000; ++i) {
        text += "\\q\n";
    }
    auto const found = parse("f", text).diagnostics;
    ASSERT_EQ(found.size(), 101U);
    EXPECT_EQ(found.back().name, "too-many-errors");
}

TEST(schema_dump, is_read_as_pg_dump_writes_it)
{
    std::string const dump = "--\n-- PostgreSQL database dump\n--\n\n\\restrict abcDEF\n\nSET statement_timeout = 0;\n"
                             "SET transaction_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\n\n"
                             "CREATE TABLE public.t (a integer);\n\n\\unrestrict abcDEF\n\n";
    parsed const p = parse("baseline.sql", dump, dialect::schema_dump);
    EXPECT_TRUE(p.diagnostics.empty());
    EXPECT_EQ(p.result.mode, transaction_mode::wrapped);
    EXPECT_EQ(p.result.text_of(p.result.begin.value()), "BEGIN");
    EXPECT_EQ(p.result.text_of(p.result.commit.value()), "COMMIT");
    EXPECT_EQ(p.result.begin->where.line, 1U);
    EXPECT_EQ(p.result.commit->where.line, 15U);
    ASSERT_EQ(p.result.body.size(), 3U);
    EXPECT_EQ(p.result.body[2].where.line, 11U);
    EXPECT_EQ(p.result.body[2].node, "CreateStmt");
    EXPECT_EQ(parse("001_a.sql", "BEGIN;SET transaction_timeout = 0;COMMIT;").result.body.size(), 1U);
}

TEST(schema_dump, refuses_what_is_no_schema)
{
    EXPECT_EQ(refusals("\\connect x\nSELECT 1;", dialect::schema_dump), (lines{"1:1 meta-command"}));
    EXPECT_EQ(refusals("SELECT \\restrict x\n1;", dialect::schema_dump), (lines{"1:8 meta-command"}));
    EXPECT_EQ(refusals("COPY t FROM stdin;\n1\n\\.\n", dialect::schema_dump), (lines{"1:1 copy-from-stdin"}));
    EXPECT_EQ(refusals("BEGIN; SELECT 1; COMMIT;", dialect::schema_dump),
              (lines{"1:1 transaction-in-no-transaction", "1:18 transaction-in-no-transaction"}));
    EXPECT_EQ(
        refusals("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false);", dialect::schema_dump),
        lines{});
}
