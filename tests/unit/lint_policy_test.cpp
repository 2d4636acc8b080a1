// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"
#include "lint/policy.hpp"
#include "lint/warning.hpp"
#include "script/script.hpp"

#include <algorithm>
#include <gtest/gtest.h>

using namespace pgratchet;
using report::severity;

namespace {

report::diagnostic warning(std::string name, std::size_t line, std::size_t column = 1)
{
    return {severity::warning, {"x.sql", line, column}, "m", std::move(name), {}, std::nullopt};
}

script::script parsed(std::string const& body)
{
    auto taken = script::parse("x.sql", "BEGIN;\n" + body + "\nCOMMIT;\n");
    EXPECT_TRUE(taken.diagnostics.empty()) << report::to_gcc(taken.diagnostics.front());
    return std::move(taken.result);
}

std::string label(lint::choice chosen, report::diagnostic given)
{
    auto const judged = lint::policy{std::move(chosen)}.judge(std::move(given));
    return judged ? std::string{report::in_words(judged->level)} + " " + report::label_of(*judged) : "";
}

} // namespace

TEST(lint_policy, names_the_option)
{
    EXPECT_EQ(label({}, warning("grant-to-public", 1)), "warning -Wgrant-to-public");
    EXPECT_EQ(label({true, {}, {}, {}}, warning("grant-to-public", 1)), "error -Werror=grant-to-public");
    EXPECT_EQ(label({false, {"grant-to-public"}, {}, {}}, warning("grant-to-public", 1)),
              "error -Werror=grant-to-public");
    EXPECT_EQ(label({false, {"truncate-cascade"}, {}, {}}, warning("grant-to-public", 1)), "warning -Wgrant-to-public");
    EXPECT_EQ(label({true, {}, {"grant-to-public"}, {}}, warning("grant-to-public", 1)), "");
    EXPECT_EQ(label({}, warning("01000", 1)), "warning 01000, -Wserver-warning");
    EXPECT_EQ(label({false, {}, {"server-warning"}, {}}, warning("01000", 1)), "");
    EXPECT_EQ(label({}, {severity::error, {"x.sql", 1, 1}, "m", "42703", {}, std::nullopt}), "error 42703");
}

TEST(lint_policy, refuses_names_that_no_warning_has)
{
    try {
        lint::demand_known_names({false, {}, {"grant-to-publik"}, {}});
        FAIL();
    } catch (usage_error const& problem) {
        EXPECT_STREQ(problem.what(), "there is no warning 'grant-to-publik'");
        EXPECT_TRUE(problem.hint()->starts_with("did you mean grant-to-public? there are: ")) << *problem.hint();
        EXPECT_NE(problem.hint()->find("unused-allow"), std::string::npos);
    }
    EXPECT_THROW(lint::demand_known_names({false, {}, {"grant-to-public"}, {"grant-to-public"}}), usage_error);
    EXPECT_NO_THROW(lint::demand_known_names({true, {"grant-to-public"}, {"truncate-cascade"}, {}}));
}

TEST(lint_policy, allows_for_one_statement)
{
    auto const file = parsed("-- pgratchet: allow grant-to-public: it is a public calendar\n"
                             "-- words\n"
                             "GRANT SELECT\n  ON a TO PUBLIC; GRANT SELECT ON b TO PUBLIC;");
    ASSERT_EQ(file.allowances.size(), 1U);
    EXPECT_EQ(file.allowances[0].reason, "it is a public calendar");
    lint::policy policy{{}};
    policy.add(file);
    EXPECT_TRUE(policy.judge(warning("truncate-cascade", 4, 1)));
    EXPECT_TRUE(policy.judge(warning("grant-to-public", 5, 19)));
    EXPECT_EQ(policy.unused_allowances().size(), 1U);
    EXPECT_FALSE(policy.judge(warning("grant-to-public", 5, 11)));
    EXPECT_FALSE(policy.judge(warning("grant-to-public", 4, 1)));
    EXPECT_TRUE(policy.unused_allowances().empty());
}

TEST(lint_policy, an_allowance_that_allows_nothing_is_a_warning)
{
    auto const file = parsed("-- pgratchet: allow unused-allow: kept for the next one\n"
                             "-- pgratchet: allow grant-to-public: first\nSELECT 1;\n"
                             "-- pgratchet: allow truncate-cascade: second\nSELECT 2;");
    lint::policy policy{{}};
    policy.add(file);
    auto const unused = policy.unused_allowances();
    ASSERT_EQ(unused.size(), 1U);
    EXPECT_EQ(report::to_gcc(unused[0]),
              "x.sql:5:1: warning: nothing here gives the warning truncate-cascade [-Wunused-allow]\n"
              "  hint: take the comment out");
    lint::policy off{{false, {}, {"truncate-cascade"}, {}}};
    off.add(file);
    EXPECT_TRUE(off.unused_allowances().empty());
}

TEST(lint_policy, an_allowance_names_a_warning)
{
    auto const wrong = lint::wrong_allowances(parsed("-- pgratchet: allow grant-to-all: why not\nSELECT 1;"));
    ASSERT_EQ(wrong.size(), 1U);
    EXPECT_EQ(wrong[0].where, (report::location{"x.sql", 2, 1}));
    EXPECT_EQ(wrong[0].name, "unknown-warning");
}

TEST(lint_policy, the_table_is_in_order)
{
    auto const all = lint::all_warnings();
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](auto const& a, auto const& b) { return a.name < b.name; }));
    for (auto const& one : all) {
        EXPECT_EQ(lint::find_warning(one.name), &one);
        EXPECT_FALSE(one.summary.empty() || one.summary.ends_with('.'));
    }
    EXPECT_EQ(lint::nearest_name("-Wgrant-to-public"), "grant-to-public");
    EXPECT_EQ(lint::nearest_name("something-else-entirely"), std::nullopt);
}
