// SPDX-License-Identifier: Apache-2.0
#include "script/cutter.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace pgratchet::script;

namespace {

std::vector<std::string> tokens_of(std::string_view text)
{
    std::vector<std::string> out;
    lexer l{text};
    for (token t = l.next(); t.kind != token_kind::end_of_text; t = l.next()) {
        out.emplace_back(text.substr(t.begin, t.end - t.begin));
    }
    return out;
}

token_kind kind_of_first(std::string_view text)
{
    return lexer{text}.next().kind;
}

std::vector<std::string> statements_of(std::string_view text)
{
    std::vector<std::string> out;
    cutter cuts{text};
    for (cut c = cuts.next(); c.kind != cut_kind::end_of_text; c = cuts.next()) {
        if (c.kind == cut_kind::statement) {
            out.emplace_back(text.substr(c.begin, c.end - c.begin));
        }
    }
    return out;
}

using texts = std::vector<std::string>;

} // namespace

TEST(lexer, plain_strings_know_no_backslash)
{
    EXPECT_EQ(tokens_of(R"('a\' b)"), (texts{R"('a\')", "b"}));
    EXPECT_EQ(tokens_of("'it''s; --' x"), (texts{"'it''s; --'", "x"}));
}

TEST(lexer, escape_strings_know_backslashes)
{
    EXPECT_EQ(tokens_of(R"(E'a\' ; b' c)"), (texts{R"(E'a\' ; b')", "c"}));
    EXPECT_EQ(tokens_of(R"(e'\\' c)"), (texts{R"(e'\\')", "c"}));
    EXPECT_EQ(tokens_of(R"(name'a\' c)"), (texts{"name", R"('a\')", "c"}));
}

TEST(lexer, the_second_half_of_an_escape_string_knows_backslashes_too)
{
    EXPECT_EQ(tokens_of("E'a' -- why\n  'b\\'; c' d"), (texts{"E'a' -- why\n  'b\\'; c'", "d"}));
    EXPECT_EQ(tokens_of("E'a' 'b\\' c"), (texts{"E'a'", "'b\\'", "c"}));
    EXPECT_EQ(tokens_of("E'a' -- why"), (texts{"E'a'", "-- why"}));
}

TEST(lexer, prefixed_strings_and_names)
{
    EXPECT_EQ(tokens_of(R"(U&'\0061;' u&"\;" B'01' x'ff' N'n')"),
              (texts{R"(U&'\0061;')", R"(u&"\;")", "B'01'", "x'ff'", "N'n'"}));
    EXPECT_EQ(kind_of_first(R"(U&"a")"), token_kind::quoted_name);
    EXPECT_EQ(tokens_of("\"a\"\";b\" c"), (texts{"\"a\"\";b\"", "c"}));
}

TEST(lexer, dollar_quotes)
{
    EXPECT_EQ(tokens_of("$$a;'$$ $q$ $$ ; $Q$ $q$ x"), (texts{"$$a;'$$", "$q$ $$ ; $Q$ $q$", "x"}));
    EXPECT_EQ(tokens_of("$ä1$;$ä1$"), (texts{"$ä1$;$ä1$"}));
    EXPECT_EQ(tokens_of("a$$b$$"), (texts{"a$$b$$"})) << "a dollar sign inside of a name quotes nothing";
    EXPECT_EQ(tokens_of("$1$a"), (texts{"$", "1", "$", "a"})) << "a tag does not start with a digit";
    EXPECT_EQ(tokens_of("$a b$"), (texts{"$", "a", "b$"}));
}

TEST(lexer, comments_nest_and_cut_operators)
{
    EXPECT_EQ(tokens_of("/* a /* b */ ; */c"), (texts{"/* a /* b */ ; */", "c"}));
    EXPECT_EQ(tokens_of("/*/ ; */c"), (texts{"/*/ ; */", "c"}));
    EXPECT_EQ(tokens_of("a@-- x\nb*/* y */c"), (texts{"a", "@", "-- x", "b", "*", "/* y */", "c"}));
    EXPECT_EQ(tokens_of("--a\rb"), (texts{"--a", "b"})) << "a carriage return ends a line for the server's scanner";
}

TEST(lexer, says_what_is_not_terminated)
{
    for (char const* text : {"'a", "E'a\\'", "E'a'\n'b", "\"a", "$$a$", "$x$ $$", "/* /* */", "U&'", "B'0", "/*/"}) {
        EXPECT_FALSE(lexer{text}.next().terminated) << text;
        token const t = lexer{text}.next();
        EXPECT_EQ(t.end, std::string_view{text}.size()) << text;
    }
}

TEST(lexer, forty_thousand_nested_comments)
{
    std::string text;
    for (int i = 0; i < 40'000; ++i) {
        text += "/*";
    }
    for (int i = 0; i < 40'000; ++i) {
        text += "*/";
    }
    text += "x";
    EXPECT_EQ(tokens_of(text).size(), 2U);
}

TEST(cutter, cuts_at_semicolons_of_the_top_level_alone)
{
    EXPECT_EQ(statements_of("a 'x;' ; b \";\" ;; -- ;\n c /* ; */ d"), (texts{"a 'x;'", "b \";\"", "c /* ; */ d"}));
    EXPECT_EQ(statements_of("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); x"),
              (texts{"CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "x"}));
    EXPECT_EQ(statements_of("a) ; b"), (texts{"a)", "b"}));
}

TEST(cutter, leaves_comments_around_a_statement_out)
{
    EXPECT_EQ(statements_of("-- one\n/* two */ SELECT 1 -- three\n; SELECT 2 -- four"),
              (texts{"SELECT 1", "SELECT 2"}));
}

TEST(cutter, keeps_bodies_in_standard_sql_whole)
{
    std::string const body = "create or replace function f(a int) returns int language sql begin atomic\n"
                             "  select case a when 1 then case when true then 2 end else 3 end;\n"
                             "  select 1 as end; select t.end from t;\n"
                             "end";
    EXPECT_EQ(statements_of(body + "; SELECT 1;"), (texts{body, "SELECT 1"}));
    EXPECT_EQ(statements_of("CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); END; x"),
              (texts{"CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); END", "x"}));
    EXPECT_EQ(statements_of("BEGIN; SELECT CASE WHEN a THEN b END; COMMIT"),
              (texts{"BEGIN", "SELECT CASE WHEN a THEN b END", "COMMIT"}));
    EXPECT_EQ(statements_of("CREATE FUNCTION begin() RETURNS int RETURN 1; x"),
              (texts{"CREATE FUNCTION begin() RETURNS int RETURN 1", "x"}));
}

TEST(cutter, words_and_counts)
{
    cutter cuts{"create TABLE \"a\" (b int)"};
    raw_statement const s = cuts.next().statement;
    EXPECT_EQ(s.words().size(), 2U);
    EXPECT_TRUE(s.starts_with("CREATE"));
    EXPECT_EQ(s.tokens, 7U);
    EXPECT_EQ(s.rescanned, 0U);
}

TEST(cutter, counts_what_the_parser_would_read_again)
{
    std::string const pluses(1000, '+');
    EXPECT_GE(cutter{"SELECT 1 " + pluses + "1"}.next().statement.rescanned, 1'000'000U);
    EXPECT_EQ(cutter{"SELECT 1 /" + std::string(1000, '*') + "/ + 1"}.next().statement.rescanned, 0U)
        << "a banner is read twice, not a thousand times";
    EXPECT_EQ(cutter{"SELECT '" + pluses + "', $$" + pluses + "$$"}.next().statement.rescanned, 0U);
}
