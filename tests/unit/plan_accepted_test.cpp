// SPDX-License-Identifier: Apache-2.0
// Whether a file has run where some drift of what it made is accepted.
#include "plan_expectations.hpp"

namespace pgratchet::plan {
namespace {

using namespace builder;

TEST(locate, a_table_of_its_own_says_that_a_file_has_run_whatever_drift_is_accepted)
{
    auto const i = index("i");
    auto const later = table("v");
    tolerance const accepted{{}, {i.id}};
    auto const live = holding({t, a, later});
    // Work that does not show, and work on data.
    expect_at(history{}.file({makes(t), makes(a), makes(i)}).untraced().file({makes(later)}).locate(live, {}, accepted),
              2);
    auto data = history{}.with_data({makes(t), makes(a), makes(i)}).file({makes(later)});
    expect_at(data.locate(live, {}, accepted), 2);
    data.probe("001");
    expect_candidates(data.locate(live, {{"001_done", false}}, accepted), {0, 2});
    expect_at(data.locate(live, {{"001_done", true}}, accepted), 2);
}

TEST(locate, what_does_not_say_that_a_file_has_run)
{
    auto const i = index("i");
    auto const later = table("v");
    tolerance const accepted{{}, {i.id}};
    // A column may be a hotfix, and a table be there already where the file says IF NOT EXISTS.
    expect_candidates(history{}
                          .file({makes(t)})
                          .file({makes(a), makes(i)})
                          .untraced()
                          .file({makes(later)})
                          .locate(holding({t, a, later}), {}, accepted),
                      {1, 3});
    expect_candidates(history{}
                          .with_data({makes_if_missing(t), makes(i)})
                          .file({makes(later)})
                          .locate(holding({t, later}), {}, accepted),
                      {0, 2});
    // The very table is what is accepted, or a later file made it anew.
    tolerance const both{{}, {i.id, t.id}};
    expect_candidates(
        history{}.with_data({makes(t), makes(i)}).file({makes(later)}).locate(holding({t, later}), {}, both), {0, 2});
    auto const other = table("t", {{"row security", "enabled"}});
    expect_candidates(
        history{}.with_data({makes(t), makes(i)}).file({makes(other)}).locate(holding({other}), {}, accepted), {0, 2});
    // The statements of a file without a transaction come one by one.
    auto cut_off = history{}.statements({{makes(t)}, {makes(i)}}).untraced().file({makes(later)});
    expect_candidates(cut_off.locate(holding({t, later}), {}, accepted), {0, 2});
}

} // namespace
} // namespace pgratchet::plan
