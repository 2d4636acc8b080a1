// SPDX-License-Identifier: Apache-2.0
#include "script/checksum.hpp"
#include "script/migration_set.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace pgratchet;
using namespace pgratchet::script;

namespace {

using names = std::vector<std::string>;

/// The messages of a set as an executor prints them.
names messages(names const& files, std::optional<std::string> const& baseline = std::nullopt)
{
    names out;
    for (report::diagnostic const& d : order(files, "m", baseline).diagnostics) {
        out.push_back(report::to_gcc(d));
    }
    return out;
}

names files_of(migration_set const& set)
{
    names out;
    for (migration_name const& m : set.migrations) {
        out.push_back(m.file);
    }
    return out;
}

} // namespace

TEST(migration_name, is_taken_apart)
{
    EXPECT_EQ(parse_name("004_investigation_context.sql"),
              (migration_name{"004", "investigation_context", "004_investigation_context.sql"}));
    EXPECT_EQ(parse_name("20240131120000_x.sql")->version, "20240131120000");
    EXPECT_EQ(parse_name("004_größe v1.2.sql")->description, "größe v1.2");
}

TEST(migration_name, near_misses_are_none)
{
    for (char const* name :
         {"4_x.sql", "04_x.sql", "004-x.sql", "004x.sql", "004_x.SQL", "004_.sql", "004.sql", "_004_x.sql", "x.sql",
          "004_x.sql~", "004_x", "", ".sql", "004_a;b.sql", "004_a\nb.sql", "004_a/b.sql"}) {
        EXPECT_FALSE(parse_name(name)) << name;
    }
}

TEST(migration_set, is_ordered_by_version)
{
    migration_set const set = order({"003_c.sql", "001_a.sql", "README.md", "002_b.sql", "probes", ".#001_a.sql"}, "m");
    EXPECT_EQ(files_of(set), (names{"001_a.sql", "002_b.sql", "003_c.sql"}));
    EXPECT_TRUE(set.diagnostics.empty());
    EXPECT_TRUE(order({}, "m").migrations.empty());
    EXPECT_TRUE(order({}, "m").diagnostics.empty());
}

TEST(migration_set, duplicate_versions_name_both_files_and_the_free_number)
{
    EXPECT_EQ(messages({"001_a.sql", "002_b.sql", "002_a.sql", "003_c.sql"}),
              (names{"m/002_b.sql: error: version 002 is taken by 002_a.sql too [duplicate-version]\n"
                     "  hint: rename one of them; the next free version is 004"}));
}

TEST(migration_set, skipped_versions_are_named)
{
    EXPECT_EQ(messages({"001_a.sql", "003_c.sql"}),
              (names{"m/003_c.sql: error: version 002 is missing [skipped-version]\n"
                     "  hint: add the missing file, or rename this one to 002_c.sql"}));
    EXPECT_EQ(messages({"003_c.sql"}), (names{"m/003_c.sql: error: versions 001 to 002 are missing [skipped-version]\n"
                                              "  hint: add the missing file, or rename this one to 001_c.sql; if the "
                                              "history up to 002 is given, say so: BASELINE 002, or --baseline 002"}));
    EXPECT_EQ(messages({"000_a.sql", "001_b.sql"}), (names{"m/000_a.sql: error: versions start with 1 [version-zero]\n"
                                                           "  hint: rename it, or renumber the migrations from 001"}));
}

TEST(migration_set, mixed_widths)
{
    EXPECT_EQ(messages({"001_a.sql", "002_b.sql", "0003_c.sql"}),
              (names{"m/0003_c.sql: error: version 0003 has 4 digits, others have 3 [mixed-width]\n"
                     "  hint: rename it to 003_c.sql"}));
    names thousand;
    for (int i = 1; i <= 1000; ++i) {
        std::string const digits = std::to_string(i);
        thousand.push_back((digits.size() < 3 ? std::string(3 - digits.size(), '0') : "") + digits + "_x.sql");
    }
    EXPECT_EQ(messages(thousand), (names{"m/1000_x.sql: error: version 1000 has 4 digits, others have 3 [mixed-width]\n"
                                         "  hint: rename the others so that all have 4 digits"}));
    EXPECT_EQ(messages({"001_a.sql", "0001_b.sql"}).size(), 2U) << "the width, and one number taken twice";
}

TEST(migration_set, names_that_nearly_are_migrations)
{
    EXPECT_EQ(messages({"001_a.sql", "4_x.sql"}),
              (names{"m/4_x.sql: error: the name of a migration has the form NNN_description.sql [migration-name]\n"
                     "  hint: rename it to 004_x.sql"}));
    EXPECT_EQ(messages({"004-x.sql"}).front().substr(0, 20), "m/004-x.sql: error: ");
    EXPECT_NE(messages({"004-x.sql"}).front().find("rename it to 004_x.sql"), std::string::npos);
    EXPECT_NE(messages({"004_x.SQL"}).front().find("rename it to 004_x.sql"), std::string::npos);
    EXPECT_NE(messages({"004.sql"}).front().find("rename it to 004_description.sql"), std::string::npos);
    EXPECT_NE(messages({"004;.sql"}).front().find("hint: name it NNN_description.sql"), std::string::npos);
    EXPECT_EQ(messages({"seed.sql"}),
              (names{"m/seed.sql: warning: an SQL file that is no migration is passed over [not-a-migration]\n"
                     "  hint: name it NNN_description.sql, with three digits or more, or move it out of the folder"}));
}

TEST(migration_set, gaps_are_natural_in_timestamps)
{
    EXPECT_EQ(messages({"20240101_a.sql", "20240305_b.sql"}), names{});
    EXPECT_EQ(messages({"20240101_a.sql", "20240101_b.sql"}),
              (names{"m/20240101_b.sql: error: version 20240101 is taken by 20240101_a.sql too [duplicate-version]\n"
                     "  hint: rename one of them; the next free version is 20240102"}));
    EXPECT_EQ(messages({"1234567_a.sql"}).size(), 1U) << "seven digits are no timestamp";
}

TEST(migration_set, a_history_may_start_behind_its_baseline)
{
    EXPECT_EQ(messages({"011_a.sql", "012_b.sql"}, "010"), names{});
    EXPECT_EQ(messages({"010_a.sql", "011_b.sql"}, "010"), names{});
    EXPECT_EQ(messages({"001_a.sql", "002_b.sql"}, "001"), names{});
    EXPECT_EQ(messages({"012_a.sql"}, "010"), (names{"m/012_a.sql: error: version 011 is missing [skipped-version]\n"
                                                     "  hint: add the missing file, or rename this one to 011_a.sql"}));
}

TEST(migration_set, versions_compare_as_numbers)
{
    EXPECT_EQ(compare_versions("001", "0001"), 0);
    EXPECT_LT(compare_versions("099", "100"), 0);
    EXPECT_GT(compare_versions("1000", "999"), 0);
    EXPECT_GT(compare_versions("99999999999999999999999999", "99999999999999999999999998"), 0);
    EXPECT_EQ(compare_versions("000", "0"), 0);
}

TEST(checksum, is_sha_256)
{
    EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_NE(sha256("a\r\n"), sha256("a\n"));
}
