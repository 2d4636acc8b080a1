// SPDX-License-Identifier: Apache-2.0
#include "report/excerpt.hpp"
#include "report/formats.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace pgratchet::report;

namespace {

diagnostic at(std::size_t line, std::size_t column)
{
    return {severity::error, {"x.sql", line, column}, "m", "r", {}, std::nullopt};
}

/// Marks where the caret stands, counted in columns from 0 behind the gutter.
std::size_t caret_of(std::string const& excerpt)
{
    auto const second = excerpt.substr(excerpt.find('\n') + 1);
    return second.find('^') - second.find("| ") - 2;
}

} // namespace

TEST(excerpt, puts_a_caret_under_the_word)
{
    EXPECT_EQ(excerpt(at(3, 9), "SELECT  größe FROM a;", 80), "    3 | SELECT  größe FROM a;\n"
                                                              "      |         ^~~~~");
    EXPECT_EQ(excerpt(at(123456, 8), "SELECT  1", 80), "123456 | SELECT  1\n       |        ^");
}

TEST(excerpt, stands_right_behind_tabs_and_wide_characters)
{
    EXPECT_EQ(excerpt(at(1, 3), "\tx\ty", 80), "    1 |         x       y\n      |          ^");
    EXPECT_EQ(excerpt(at(1, 4), "\tx\ty", 80), "    1 |         x       y\n      |                 ^");
    EXPECT_EQ(excerpt(at(1, 4), "日本 x", 80), "    1 | 日本 x\n      |      ^");
    EXPECT_EQ(excerpt(at(1, 1), "日本", 80), "    1 | 日本\n      | ^~~~");
    EXPECT_EQ(caret_of(excerpt(at(1, 3), "e\xCC\x81x", 80)), 1U); // a combining accent takes no room
    EXPECT_EQ(caret_of(excerpt(at(1, 2), "😀x", 80)), 2U);
}

TEST(excerpt, shows_a_window_of_a_long_line)
{
    std::string const line = std::string(5000, 'a') + " b " + std::string(5000, 'c');
    auto const shown = excerpt(at(7, 5002), line, 80);
    auto const first = shown.substr(0, shown.find('\n'));
    EXPECT_LE(first.size(), 80U);
    EXPECT_TRUE(first.starts_with("    7 | ...aaa") && first.ends_with("ccc...")) << first;
    EXPECT_EQ(first.substr(caret_of(shown) + 8, 1), "b");
    auto const at_end = excerpt(at(7, 20000), line, 80);
    EXPECT_EQ(at_end.substr(0, at_end.find('\n')).size(), caret_of(at_end) + 8);
    EXPECT_FALSE(excerpt(at(7, 1), line, 0).empty()); // a terminal that does not know its width
}

TEST(excerpt, gives_a_terminal_no_orders)
{
    auto const shown = excerpt(at(1, 1), "\x1B[2J\r\x07\xE2\x80\xAE\xC2\x9B", 80);
    for (char const c : {'\x1B', '\r', '\x07'}) {
        EXPECT_EQ(shown.find(c), std::string::npos);
    }
    EXPECT_EQ(shown.find("\xE2\x80\xAE"), std::string::npos);
    EXPECT_EQ(shown.find("\xC2\x9B"), std::string::npos);
}

TEST(excerpt, needs_a_column)
{
    EXPECT_EQ(excerpt(at(1, 0), "x", 80), "");
    EXPECT_EQ(excerpt(at(0, 0), "x", 80), "");
    EXPECT_EQ(excerpt(at(1, 1), "", 80), "    1 | \n      | ^");
}

TEST(github, escapes_what_would_end_the_line_or_a_property)
{
    diagnostic d{severity::warning, {"a,b:c%.sql", 3, 4}, "50% of\nx: y, z", "n", {"detail: d"}, "h\r\ni", "-Wn"};
    EXPECT_EQ(to_github(d), "::warning file=a%2Cb%3Ac%25.sql,line=3,col=4,title=-Wn::50%25 of%0Ax: y, z%0Adetail: d%0A"
                            "hint: h%0D%0Ai");
    EXPECT_EQ(to_github({severity::note, {"x.sql", 3, 0}, "m", "", {}, std::nullopt}), "::notice file=x.sql,line=3::m");
    EXPECT_EQ(to_github({severity::error, {}, "m", "", {}, std::nullopt}), "::error::m");
}

TEST(json, says_what_is_not_known_by_null)
{
    run_of_command run;
    run.diagnostics = {{severity::error, {}, "bad \xFF byte", "", {}, std::nullopt}, at(3, 4)};
    run.exit_code = 4;
    auto const document = nlohmann::json::parse(to_json(run));
    EXPECT_EQ(document["errors"], 2);
    EXPECT_EQ(document["exit_code"], 4);
    EXPECT_TRUE(document["diagnostics"][0]["file"].is_null());
    EXPECT_TRUE(document["diagnostics"][0]["hint"].is_null());
    EXPECT_EQ(document["diagnostics"][1]["column"], 4);
}

TEST(sarif, names_files_as_uris)
{
    run_of_command run;
    run.folder = "/work dir";
    run.diagnostics = {{severity::error, {"größe #1.sql", 3, 0}, "m", "42703", {}, "h"},
                       {severity::warning, {"/abs/x.sql", 3, 4}, "m", "own", {"d"}, std::nullopt, "-Wown"}};
    run.rules = {{"own", "s", "https://example.org/own", severity::warning}};
    auto const one = nlohmann::json::parse(to_sarif(run))["runs"][0];
    auto const& first = one["results"][0];
    EXPECT_EQ(first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "gr%C3%B6%C3%9Fe%20%231.sql");
    EXPECT_EQ(first["locations"][0]["physicalLocation"]["region"].count("startColumn"), 0U);
    EXPECT_EQ(first["message"]["text"], "m\nhint: h");
    EXPECT_EQ(first["ruleIndex"], 1);
    EXPECT_EQ(one["tool"]["driver"]["rules"][1]["id"], "42703");
    EXPECT_EQ(one["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "file:///abs/x.sql");
    EXPECT_EQ(one["originalUriBaseIds"]["PWD"]["uri"], "file:///work%20dir/");
    EXPECT_TRUE(one["invocations"][0]["executionSuccessful"]);
}
