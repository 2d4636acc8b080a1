// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"
#include "plan/plan_file.hpp"
#include "plan_builder.hpp"

#include <gtest/gtest.h>

namespace pgratchet::plan {
namespace {

using namespace builder;

/// A plan in which everything has a value.
plan full_plan()
{
    auto all = history{}
                   .file({makes(table("t")),
                          makes(column("t", "weird \"name\"\n\t\\ \u00e4", {{"type", "text"}, {"privileges", ""}}))})
                   .with_data({makes_if_missing(index("i"))})
                   .statements({{makes(index("j"))}, {}, {drops(index("i"))}})
                   .probe("002")
                   .ignore("index", "public.*", "definition")
                   .baseline("001")
                   .built();
    all.server_version = 150018;
    all.migrations_directory = "../migrations";
    all.probes_directory = "../migrations/probes";
    all.baseline_schema = "schema.sql";
    all.search_path = "\"$user\", public";
    all.roles = {"app", "owner"};
    all.runtime_role = "app";
    all.runtime_privileges = {"SELECT", "DELETE"};
    all.job_managed_partitions = {"public.events"};
    all.migrations.back().moved_data = {2, 3};
    all.migrations.back().foreign_rows = {1, 4};
    all.migrations.back().renamed = {{{"column", "public.t.a"}, {"column", "public.t.b"}}};
    all.migrations.back().observed = {
        {1, 3, "CREATE INDEX", {{"public.t", "ShareLock", false, true, true}}},
        {3, 7, "ALTER TABLE", {{"public.a", "AccessExclusiveLock", true}, {"public.t", "RowShareLock"}}}};
    all.initial = holding({thing("schema", "public", {{"owner", "boss"}})});
    return all;
}

std::string why_refused(std::string_view text)
{
    try {
        (void)from_json(text, "some.plan");
    } catch (configuration_error const& problem) {
        EXPECT_EQ(problem.hint(), "compile it again: build the target schema_plan");
        return problem.what();
    }
    return "";
}

std::string replaced(std::string text, std::string const& what, std::string const& with)
{
    auto const at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

TEST(plan_file, round_trip)
{
    auto const original = full_plan();
    auto const text = to_json(original);
    auto const back = from_json(text, "some.plan");
    EXPECT_EQ(back, original);
    EXPECT_EQ(to_json(back), text);
    EXPECT_TRUE(text.ends_with("}\n"));
}

TEST(plan_file, round_trip_of_an_empty_plan)
{
    EXPECT_EQ(from_json(to_json({}), "some.plan"), plan{});
}

TEST(plan_file, numbers_that_are_no_int_are_refused)
{
    auto const text = to_json(full_plan());
    for (auto const* number : {"1e300", "150018.0", "-1", "99999999999999999999", "\"150018\"", "null"}) {
        EXPECT_EQ(why_refused(replaced(text, "150018", number)),
                  "some.plan is not a usable plan: its server_version is none")
            << number;
        EXPECT_TRUE(why_refused(replaced(text, "\"format_version\": 1", std::string{"\"format_version\": "} + number))
                        .starts_with("some.plan is not a usable plan: its format version is "))
            << number;
    }
}

TEST(plan_file, a_baseline_is_one_of_the_migrations)
{
    auto of = full_plan();
    of.baseline = "017";
    EXPECT_EQ(why_refused(to_json(of)), "some.plan is not a usable plan: its baseline is none of its migrations");
    of.baseline.reset();
    EXPECT_EQ(why_refused(to_json(of)),
              "some.plan is not a usable plan: it has a schema of a baseline, and no baseline");
}

TEST(plan_file, arrays_within_arrays_take_no_stack)
{
    std::string const deep = std::string(300'000, '[') + std::string(300'000, ']');
    auto const text = replaced(to_json(full_plan()), "\"statements\":[", "\"statements\":[" + deep + ",");
    EXPECT_TRUE(why_refused(text).starts_with("some.plan is not a usable plan: "));
}

TEST(plan_file, every_truncation_is_refused)
{
    auto const text = to_json(full_plan());
    for (std::size_t length = 0; length + 1 < text.size(); ++length) {
        ASSERT_TRUE(why_refused(text.substr(0, length)).starts_with("some.plan is not a usable plan: ")) << length;
    }
}

TEST(plan_file, damage_is_refused_or_read_but_never_worse)
{
    auto const text = to_json(full_plan());
    std::size_t refused = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (char const with : {'\0', '"', '9', '{', ']', '\xff', ','}) {
            auto damaged = text;
            damaged[at] = with;
            // Any other exception fails the test; so does a sanitizer's finding.
            EXPECT_NO_THROW({
                try {
                    (void)from_json(damaged, "some.plan");
                } catch (configuration_error const&) {
                    ++refused;
                }
            });
        }
    }
    EXPECT_GT(refused, text.size()); // most damage is seen
}

TEST(plan_file, values_of_another_type_are_refused)
{
    auto const text = to_json(full_plan());
    for (auto const& [what, with] : std::vector<std::pair<std::string, std::string>>{
             {"\"version\":\"001\"", "\"version\":1"},
             {"\"schema_only\":true", "\"schema_only\":\"yes\""},
             {"\"server_version\": 150018", "\"server_version\": \"15\""},
             {"\"identity\":\"public.t\"", "\"identity\":null"},
             {"\"sql\":", "\"sequel\":"},
             {"\"statements\":[", "\"statements\":[7,"},
             {"\"observed\":[", "\"observed\":[7,"},
             {"\"lock\":\"ShareLock\"", "\"lock\":1"},
             {"\"type\":\"text\"", "\"type\":[]"},
         }) {
        EXPECT_FALSE(why_refused(replaced(text, what, with)).empty()) << what;
    }
}

TEST(plan_file, an_observation_names_statement_line_relation_and_lock)
{
    auto const text = to_json(full_plan());
    for (auto const& [what, with] : std::vector<std::pair<std::string, std::string>>{
             {"\"ShareLock\"", "\"BicycleLock\""},
             {"\"statement\":1,", "\"statement\":0,"},
             {"\"statement\":1,", "\"statement\":-1,"},
             {"\"line\":3,", "\"line\":1e30,"},
             {"\"relation\":\"public.a\"", "\"relation\":\"\""},
         }) {
        EXPECT_EQ(why_refused(replaced(text, what, with)),
                  "some.plan is not a usable plan: what was observed of 003 has no statement, relation or lock")
            << what;
    }
}

TEST(plan_file, what_is_no_plan_is_refused)
{
    auto const no_format =
        std::string{"some.plan is not a usable plan: it does not say \"format\": \"pgratchet plan\""};
    for (auto const* text : {"{}", "[]", "7", "null", R"({"format": "other"})"}) {
        EXPECT_EQ(why_refused(text), no_format) << text;
    }
    EXPECT_FALSE(why_refused(R"({"format": 7})").empty());
    EXPECT_FALSE(why_refused(R"({"format": "pgratchet plan"})").empty());
    EXPECT_FALSE(why_refused("").empty());
    EXPECT_FALSE(why_refused(std::string(200000, '[')).empty());
}

TEST(plan_file, a_plan_of_another_format_version_is_refused)
{
    auto const text = to_json(full_plan());
    auto const own = std::to_string(plan_format_version);
    auto const next = std::to_string(plan_format_version + 1);
    EXPECT_EQ(why_refused(replaced(text, "\"format_version\": " + own, "\"format_version\": " + next)),
              "some.plan is not a usable plan: its format version is " + next + ", this executor reads " + own);
    EXPECT_FALSE(why_refused(replaced(text, "\"format_version\": " + own, "\"format_version\": \"x\"")).empty());
}

TEST(plan, versions_by_number_and_name)
{
    auto const of = full_plan();
    EXPECT_EQ(index_of(of, "002"), 2U);
    EXPECT_EQ(index_of(of, "2"), 2U);
    EXPECT_EQ(index_of(of, "004"), std::nullopt);
    EXPECT_EQ(version_name(of, 0), "empty");
    EXPECT_EQ(version_name(of, 3), "003");
    EXPECT_THROW((void)version_name(of, 4), std::out_of_range);
}

} // namespace
} // namespace pgratchet::plan
