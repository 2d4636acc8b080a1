// SPDX-License-Identifier: Apache-2.0
#include "plan_expectations.hpp"

namespace pgratchet::plan {
namespace {

using namespace builder;
using ids = std::vector<catalog::object_id>;

TEST(locate, finds_every_version)
{
    auto const plan = four_files();
    for (std::size_t k = 0; k <= 4; ++k) {
        expect_at(plan.locate(plan.at(k)), k);
    }
    expect_at(history{}.locate({}), 0);
    expect_at(history{}.locate(holding({t})), 0);
}

TEST(locate, a_part_of_the_next_file_is_partial)
{
    auto const found = four_files().locate(holding({t, a, b, c}));
    EXPECT_EQ(name_of(found.is), "partial");
    EXPECT_EQ(found.version, 2U);
    EXPECT_EQ(found.statements_done, 0U);
    EXPECT_EQ(found.drift, (std::vector<disagreement>{{c.id, "", std::nullopt, "present"}}));
}

TEST(locate, drift_is_named_by_attribute)
{
    auto const odd = column("t", "a", {{"type", "integer"}, {"default", "7"}});
    auto const found = four_files().locate(holding({t, odd, b}));
    EXPECT_EQ(name_of(found.is), "drift");
    EXPECT_EQ(found.version, 2U);
    EXPECT_EQ(found.drift, (std::vector<disagreement>{{a.id, "default", std::nullopt, "7"}}));
    EXPECT_TRUE(found.fitting.empty());
}

TEST(locate, drift_names_what_is_missing)
{
    auto const found = four_files().locate(holding({t, wide_a}));
    EXPECT_EQ(name_of(found.is), "drift");
    EXPECT_EQ(found.version, 4U);
    EXPECT_EQ(found.drift, (std::vector<disagreement>{{c.id, "", "present", std::nullopt}}));
}

TEST(locate, a_part_and_something_else_is_drift)
{
    auto const odd = thing("table", "public.t", {{"row security", "enabled"}});
    EXPECT_EQ(name_of(four_files().locate(holding({odd, a, b, c})).is), "drift");
}

TEST(locate, owner_privileges_and_comment_are_not_compared)
{
    auto const other = table("t", {{"owner", "someone"}, {"privileges", "x=SELECT"}, {"comment", "hello"}});
    expect_at(four_files().locate(holding({other, a, b})), 2);
}

TEST(locate, what_no_version_knows_is_unmanaged)
{
    auto const found = four_files().locate(
        holding({t, a, b, table("mine"), column("mine", "x", {{"type", "text"}}), index("mine_x", "mine"), index("t_a"),
                 thing("schema", "public"), thing("default privileges", "for x")}));
    expect_at(found, 2);
    EXPECT_EQ(found.unmanaged, (ids{index("t_a").id, table("mine").id}));
}

TEST(locate, if_not_exists_is_anticipated)
{
    auto const plan = history{}.file({makes(t)}).file({makes(a)}).file({makes_if_missing(index("i")), makes(b)});
    auto const found = plan.locate(holding({t, a, index("i")}));
    expect_at(found, 2);
    EXPECT_EQ(found.anticipated, ids{index("i").id});
    // The version before the last has it ahead of its time no less.
    expect_at(plan.locate(holding({t, index("i")})), 1);
    EXPECT_EQ(name_of(plan.locate(holding({t, a, index("i", "t", "b")})).is), "drift");
    EXPECT_TRUE(plan.locate(plan.at(3)).anticipated.empty());
}

TEST(locate, without_if_not_exists_it_is_partial)
{
    auto const plan = history{}.file({makes(t)}).file({makes(index("i")), makes(b)});
    EXPECT_EQ(name_of(plan.locate(holding({t, index("i")})).is), "partial");
}

TEST(locate, extensions_and_schemas_may_come_early_but_not_go)
{
    auto const extension = thing("extension", "pgcrypto");
    auto const schema = thing("schema", "app");
    auto const plan = history{}.file({makes(extension), makes(schema), makes(t)}).file({makes(a)});
    expect_at(plan.locate(holding({extension, schema})), 0);
    expect_at(plan.locate(holding({extension, schema, t, a})), 2);
    EXPECT_EQ(name_of(plan.locate(holding({schema, t, a})).is), "drift");
    EXPECT_TRUE(plan.locate(holding({extension, schema})).unmanaged.empty());
}

TEST(locate, dropping_an_extension_is_not_passed_over)
{
    auto const extension = thing("extension", "hstore");
    auto const plan = history{}.file({makes(extension), makes(t)}).file({drops(extension)});
    expect_at(plan.locate(holding({extension, t})), 1);
    expect_at(plan.locate(holding({t})), 2);
}

TEST(locate, a_premade_extension_alone_is_enough)
{
    auto const extension = thing("extension", "hstore");
    auto const plan = history{}.file({makes(extension)}).file({makes(t)});
    expect_at(plan.locate({}), 0);
    expect_at(plan.locate(holding({extension})), 1);
}

TEST(locate, validated_where_not_valid_is_expected)
{
    auto const text = std::string{"CHECK ((a > 0))"};
    auto const open =
        thing("table constraint", "k on public.t", {{"definition", text}, {"validated", "no"}}, "public.t");
    auto const valid = thing("table constraint", "k on public.t", {{"definition", text}}, "public.t");
    auto const plan = history{}.file({makes(t)}).file({makes(open)}).file({makes(a)});
    expect_at(plan.locate(holding({t, valid, a})), 3);
    auto const other = history{}.file({makes(t)}).file({makes(valid)});
    EXPECT_EQ(name_of(other.locate(holding({t, open})).is), "drift");

    auto const validating = history{}.file({makes(t), makes(open)}).file({makes(valid)});
    expect_at(validating.locate(holding({t, open})), 1);
    expect_at(validating.locate(holding({t, valid})), 2);
}

TEST(locate, ignored_by_kind_identity_and_attribute)
{
    auto const odd = column("t", "a", {{"type", "integer"}, {"default", "7"}});
    auto const live = holding({t, odd, b});
    expect_at(four_files().ignore("column", "public.t.a", "default").locate(live), 2);
    expect_at(four_files().ignore("*", "public.*.a", "*").ignore("x", "*").locate(live), 2);
    EXPECT_EQ(name_of(four_files().ignore("column", "public.t.a", "type").locate(live).is), "drift");
    EXPECT_EQ(name_of(four_files().ignore("index", "public.t.a").locate(live).is), "drift");
    EXPECT_EQ(name_of(four_files().ignore("column", "public.t").locate(live).is), "drift");
    // A rule for an attribute is none for the whole object.
    EXPECT_NE(name_of(four_files().ignore("column", "public.t.c", "type").locate(holding({t, wide_a, b})).is),
              "applied");
    expect_at(four_files().ignore("column", "public.t.c").locate(holding({t, wide_a})), 4);
}

TEST(locate, a_file_that_makes_only_what_is_ignored_is_not_passed_over)
{
    auto const plan = history{}.file({makes(t)}).file({makes(index("i"))}).ignore("index", "*");
    expect_at(plan.locate(holding({t})), 1);
    expect_at(plan.locate(holding({t, index("i")})), 2);
    expect_at(plan.locate(holding({t, index("i", "t", "other")})), 2);
}

TEST(locate, accepted_drift)
{
    auto const odd = column("t", "a", {{"type", "integer"}, {"default", "7"}});
    auto const found = four_files().locate(holding({t, odd, b}), {}, {{}, {a.id}});
    EXPECT_EQ(name_of(found.is), "applied");
    EXPECT_EQ(found.version, 2U);
    EXPECT_EQ(found.accepted, (std::vector<disagreement>{{a.id, "default", std::nullopt, "7"}}));
    EXPECT_EQ(name_of(four_files().locate(holding({t, odd, b}), {}, {{}, {b.id}}).is), "drift");
}

TEST(locate, accepting_drift_that_is_none_changes_nothing)
{
    // Without the rule that nothing may fit first, 002 would be taken for applied and never run.
    auto const found = four_files().locate(four_files().at(1), {}, {{}, {b.id}});
    expect_at(found, 1);
    EXPECT_TRUE(found.accepted.empty());
}

TEST(locate, accepting_what_a_pending_file_makes_leaves_nothing_in_doubt)
{
    auto const plan = history{}.file({makes(t)}).with_data({makes(b)});
    expect_at(plan.locate(plan.at(1), {}, {{}, {b.id}}), 1);
}

TEST(locate, a_file_that_changes_only_what_is_ignored)
{
    auto const own = column("t", "a", {{"type", "integer"}, {"default", "7"}});
    auto const changed = column("t", "a", {{"type", "integer"}, {"default", "1"}});
    auto plan = history{}.file({makes(t), makes(a)}).file({makes(changed)}).ignore("column", "public.t.a", "default");
    expect_at(plan.locate(holding({t, a})), 1);
    expect_at(plan.locate(holding({t, changed})), 2);
    expect_candidates(plan.locate(holding({t, own})), {1, 2});
    expect_at(plan.locate(holding({t, own}), {}, {}, 2), 2);
    plan.probe("002");
    expect_at(plan.locate(holding({t, own}), {{"002_done", true}}), 2);
    expect_at(plan.locate(holding({t, own}), {{"002_done", false}}), 1);
    // What shows decides for what does not.
    plan.file({makes(b)});
    expect_at(plan.locate(holding({t, own, b})), 3);
    EXPECT_TRUE(plan.baseline("002").locate(holding({t, own})).candidates.empty());
}

TEST(locate, accepted_drift_of_what_a_file_changes)
{
    auto const with = [](std::string type, catalog::definition more) {
        more["type"] = std::move(type);
        return column("t", "a", std::move(more));
    };
    catalog::definition const one{{"default", "1"}};
    catalog::definition const both{{"default", "1"}, {"not null", "yes"}};
    auto const plan = history{}
                          .file({makes(t), makes(with("integer", {}))})
                          .file({makes(with("integer", one))})
                          .file({makes(with("integer", both))});
    tolerance const accepted{{}, {a.id}};
    expect_at(plan.locate(holding({t, with("bigint", {})}), {}, accepted), 1);
    expect_at(plan.locate(holding({t, with("bigint", one)}), {}, accepted), 2);
    expect_at(plan.locate(holding({t, with("bigint", both)}), {}, accepted), 3);
    expect_candidates(plan.locate(holding({t, with("bigint", {{"default", "7"}})}), {}, accepted), {1, 2, 3});
    expect_candidates(plan.locate(holding({t}), {}, accepted), {1, 2, 3});
    expect_at(plan.locate(holding({t}), {}, accepted, 2), 2);
}

TEST(locate, accepted_drift_does_not_say_that_an_earlier_file_did_its_work_on_data)
{
    auto const c = column("t", "c", {{"type", "integer"}});
    auto plan = history{}.file({makes(t), makes(a)}).with_data({makes(c)}).file({makes(table("v"))});
    tolerance const accepted{{}, {c.id}};
    auto const live = holding({t, a, table("v")}); // made by hand ahead of its time
    expect_candidates(plan.locate(live, {}, accepted), {1, 3});
    expect_at(plan.locate(live, {}, accepted, 3), 3);
    EXPECT_TRUE(plan.locate(live, {}, accepted, 3).is_assumed);
    plan.probe("002");
    expect_at(plan.locate(live, {{"002_done", true}}, accepted), 3);
}

TEST(locate, drift_is_told_against_the_version_with_the_fewest_differences)
{
    auto const wide_default = column("t", "a", {{"type", "bigint"}, {"default", "1"}});
    auto const plan =
        history{}.file({makes(t), makes(a)}).file({makes(column("t", "a", {{"type", "integer"}, {"default", "1"}}))});
    auto const behind = plan.locate(holding({t, column("t", "a", {{"type", "bigint"}})}));
    EXPECT_EQ(name_of(behind.is), "drift");
    EXPECT_EQ(behind.version, 1U);
    EXPECT_EQ(behind.drift, (std::vector<disagreement>{{a.id, "type", "integer", "bigint"}}));
    EXPECT_EQ(plan.locate(holding({t, wide_default})).version, 2U);
}

TEST(locate, drift_between_versions_that_only_data_tells_apart)
{
    auto const wide = column("t", "a", {{"type", "bigint"}});
    auto const plan = history{}.file({makes(t), makes(a)}).with_data().probe("002");
    auto const version = [&](probe_answers const& answers) {
        auto const found = plan.locate(holding({t, wide}), answers);
        EXPECT_EQ(name_of(found.is), "drift");
        return found.version;
    };
    EXPECT_EQ(version({}), 1U);
    EXPECT_EQ(version({{"002_done", false}}), 1U);
    EXPECT_EQ(version({{"002_done", true}}), 2U);
}

TEST(locate, a_premade_extension_is_no_sign_of_the_rest)
{
    auto const extension = thing("extension", "hstore");
    auto const plan = history{}.file({makes(t)}).file({makes(extension), makes(index("i"))}).ignore("index", "*");
    expect_at(plan.locate(holding({t, extension})), 1);
    expect_at(plan.locate(holding({t, extension, index("i")})), 2);
}

TEST(locate, text_that_the_server_proved_equal)
{
    auto const odd = column("t", "a", {{"type", "int4"}});
    tolerance const settled{{{a.id, "type", "integer", "int4"}}, {}};
    expect_at(four_files().locate(holding({t, odd, b}), {}, settled), 2);
}

// ---- Files without a transaction ---------------------------------------------

TEST(locate_statements, the_next_run_goes_on_at_the_first_that_is_missing)
{
    auto const plan =
        history{}.file({makes(t)}).statements({{makes(index("i"))}, {makes(index("j"))}, {makes(index("k"))}});
    expect_at(plan.locate(holding({t})), 1);
    expect_at(plan.locate(plan.at(2)), 2);
    for (std::size_t done = 1; done <= 2; ++done) {
        auto live = holding({t, index("i")});
        if (done == 2) {
            live.insert({index("j").id, index("j")});
        }
        auto const found = plan.locate(live);
        EXPECT_EQ(name_of(found.is), "partial");
        EXPECT_EQ(found.version, 1U);
        EXPECT_EQ(found.statements_done, done);
    }
    auto const out_of_order = plan.locate(holding({t, index("i"), index("k")}));
    EXPECT_EQ(name_of(out_of_order.is), "partial");
    EXPECT_EQ(out_of_order.statements_done, 1U);
    EXPECT_EQ(name_of(plan.locate(holding({t, index("i"), index("j", "t", "other")})).is), "drift");
}

TEST(locate_statements, traceless_statements_are_repeated)
{
    auto const plan = history{}.file({makes(t)}).statements({{}, {makes(index("i"))}, {}, {makes(index("j"))}, {}});
    EXPECT_EQ(plan.locate(holding({t, index("i")})).statements_done, 2U);
    expect_at(plan.locate(plan.at(2)), 2);
}

TEST(locate_statements, an_index_that_is_swapped)
{
    auto const fresh = index("fresh");
    auto const plan =
        history{}
            .file({makes(t), makes(index("i")), makes(a)})
            .statements({{makes(fresh)}, {drops(index("i"))}, {drops(fresh), makes(index("i"))}, {makes(index("j"))}})
            .file({makes(b)});
    expect_at(plan.locate(plan.at(1)), 1);
    expect_at(plan.locate(plan.at(2)), 2);
    expect_at(plan.locate(plan.at(3)), 3);
    std::vector<std::pair<catalog::snapshot, std::size_t>> const cut_off{
        {holding({t, a, index("i"), fresh}), 1}, {holding({t, a, fresh}), 2}, {holding({t, a, index("i")}), 0}};
    for (auto const& [live, done] : cut_off) {
        auto const found = plan.locate(live);
        EXPECT_EQ(found.version, 1U);
        EXPECT_EQ(name_of(found.is), done == 0 ? "applied" : "partial");
        EXPECT_EQ(found.statements_done, done);
    }
    // Of the same name, but somebody's own and long after.
    expect_at(plan.locate(holding({t, a, b, index("i"), index("j"), index("fresh", "t", "x")})), 3);
}

TEST(locate_statements, what_is_made_for_a_while_is_dropped_in_the_end)
{
    auto const helper = index("helper");
    auto const plan = history{}.file({makes(t)}).statements({{makes(helper)}, {makes(index("i"))}, {drops(helper)}});
    auto const first = plan.locate(holding({t, helper}));
    EXPECT_EQ(name_of(first.is), "partial");
    EXPECT_EQ(first.statements_done, 1U);
    auto const second = plan.locate(holding({t, helper, index("i")}));
    EXPECT_EQ(name_of(second.is), "partial");
    EXPECT_EQ(second.version, 1U);
    EXPECT_EQ(second.statements_done, 2U);
    EXPECT_EQ(second.drift.back(), (disagreement{helper.id, "", std::nullopt, "present"}));
    expect_at(plan.locate(plan.at(2)), 2);
}

TEST(locate_statements, anticipated_in_a_file_without_transaction)
{
    auto const plan = history{}
                          .file({makes(t)})
                          .statements({{makes(index("j"))}, {makes_if_missing(index("i"))}, {makes(index("k"))}});
    expect_at(plan.locate(holding({t, index("i")})), 1);
    EXPECT_EQ(plan.locate(holding({t, index("i"), index("j")})).statements_done, 1U);
}

} // namespace
} // namespace pgratchet::plan
