// SPDX-License-Identifier: Apache-2.0
#include "observe/lock.hpp"
#include "observe/table.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string_view>

namespace pgratchet::observe {
namespace {

/// From weak to strong, as in the manual's table of conflicting lock modes.
constexpr std::array modes =
    std::to_array<std::string_view>({"AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock",
                                     "ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"});

TEST(lock, strength_goes_with_the_manuals_order)
{
    for (std::size_t i = 0; i < modes.size(); ++i) {
        EXPECT_EQ(strength(modes[i]), static_cast<int>(i) + 1) << modes[i];
    }
    EXPECT_EQ(strength(""), 0);
    EXPECT_EQ(strength("SIReadLock"), 0);
}

TEST(lock, what_it_blocks)
{
    for (auto const mode : modes) {
        auto const expected = mode == "AccessExclusiveLock"             ? blocked::reads_and_writes
                              : strength(mode) >= strength("ShareLock") ? blocked::writes
                                                                        : blocked::schema_changes;
        EXPECT_EQ(blocked_by(mode), expected) << mode;
        EXPECT_EQ(is_strong(mode), expected != blocked::schema_changes) << mode;
    }
    EXPECT_EQ(blocked_by("SIReadLock"), blocked::nothing);
    EXPECT_FALSE(is_strong(""));
}

TEST(lock, in_words)
{
    EXPECT_EQ(in_words(blocked::reads_and_writes), "reads and writes");
    EXPECT_EQ(in_words(blocked::writes), "writes");
    EXPECT_EQ(in_words(blocked::schema_changes), "schema changes");
    EXPECT_EQ(manual_name("ShareUpdateExclusiveLock"), "SHARE UPDATE EXCLUSIVE");
    EXPECT_EQ(manual_name("SIReadLock"), "SIReadLock");
}

TEST(observed_table, a_line_for_each_relation)
{
    std::vector<table_entry> const entries{
        {{1, 9, "ALTER TABLE", {{"public.gro\u00dfe", "AccessExclusiveLock", true}, {"public.x", "ShareLock"}}}},
        {{12, 140, "CREATE INDEX", {{"public.x", "ShareLock", false, true, true}}}}};
    EXPECT_EQ(
        as_table(entries, true),
        " #  line  statement     relation      lock              rewrite  scan          blocks            until\n"
        " 1     9  ALTER TABLE   public.gro\u00dfe  ACCESS EXCLUSIVE  yes      no            reads and writes  end of "
        "transaction\n"
        " 1     9  ALTER TABLE   public.x      SHARE             no       no            writes            end of "
        "transaction\n"
        "12   140  CREATE INDEX  public.x      SHARE             no       for an index  writes            end of "
        "transaction\n");
    EXPECT_EQ(as_table({}, true), "");
}

TEST(observed_table, with_times)
{
    std::vector<table_entry> const entries{
        {{1, 2, "ANALYZE", {{"public.x", "ShareUpdateExclusiveLock", false, true}}}, "1.5 s"}};
    EXPECT_EQ(
        as_table(entries, false),
        "#  line  statement  relation  lock                    rewrite  scan  blocks          until             time\n"
        "1     2  ANALYZE    public.x  SHARE UPDATE EXCLUSIVE  no       yes   schema changes  end of statement  1.5 "
        "s\n");
}

TEST(observed_table, a_statement_alone_where_it_touches_nothing)
{
    EXPECT_EQ(
        as_table({{{1, 2, "CREATE TABLE", {}}, "0.4 ms"}, {{2, 3, "ANALYZE", {{"x", "ShareLock"}}}, "1.5 s"}}, true),
        "#  line  statement     relation  lock   rewrite  scan  blocks  until               time\n"
        "1     2  CREATE TABLE                                                              0.4 ms\n"
        "2     3  ANALYZE       x         SHARE  no       no    writes  end of transaction  1.5 s\n");
    EXPECT_EQ(as_table({{{1, 2, "SELECT", {}}}}, false),
              "#  line  statement  relation  lock  rewrite  scan  blocks  until\n1     2  SELECT\n");
}

TEST(observed_table, in_words)
{
    EXPECT_EQ(in_words({"public.x", "AccessExclusiveLock", true}),
              "ACCESS EXCLUSIVE on public.x, which is rewritten: blocks reads and writes");
    EXPECT_EQ(in_words({"public.x", "ShareLock", false, true, true}),
              "SHARE on public.x, which is read in full to build an index: blocks writes");
    EXPECT_EQ(in_words({"public.x", "ShareUpdateExclusiveLock", false, true}),
              "SHARE UPDATE EXCLUSIVE on public.x, which is read in full: blocks schema changes");
}

} // namespace
} // namespace pgratchet::observe
