// SPDX-License-Identifier: Apache-2.0
#include "script/checksum.hpp"
#include "script/frozen.hpp"
#include "script/meaning.hpp"
#include "script/new_file.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace pgratchet;
using namespace pgratchet::script;

namespace {

std::string in_file(std::string const& body)
{
    return "BEGIN;\n" + body + "\nCOMMIT;\n";
}

std::string meaning(std::string const& text)
{
    return meaning_of(parse("x.sql", text).result);
}

frozen_file frozen(std::string const& file, std::string const& text)
{
    return {file, sha256(text), meaning(text), 0};
}

std::string rules(std::vector<report::diagnostic> const& all)
{
    std::string list;
    for (auto const& one : all) {
        list += (list.empty() ? "" : ", ") + one.name + " " + std::to_string(one.where.line);
    }
    return list;
}

} // namespace

TEST(meaning, is_not_touched_by_layout)
{
    auto const plain = meaning(in_file("CREATE TABLE a (id integer);"));
    for (auto const* text : {"begin;create table A(ID integer);commit;",
                             "-- x\nBEGIN;\r\nCREATE /* y */ TABLE a (\n\tid integer\n) ;\nCOMMIT",
                             "\xEF\xBB\xBF"
                             "BEGIN; -- pgratchet: no\n\nCREATE TABLE a (id integer);\nEND;\n"}) {
        EXPECT_EQ(meaning(text), plain) << text;
    }
    EXPECT_TRUE(plain.starts_with("pg15:")) << plain;
}

TEST(meaning, is_touched_by_everything_else)
{
    auto const plain = meaning(in_file("CREATE TABLE a (id integer);"));
    for (auto const* text :
         {"BEGIN; CREATE TABLE a (id bigint); COMMIT;", "BEGIN; CREATE TABLE \"A\" (id integer); COMMIT;",
          "BEGIN; CREATE TABLE a (id integer); SELECT 1; COMMIT;",
          "BEGIN READ ONLY; CREATE TABLE a (id integer); COMMIT;",
          "BEGIN; SET TRANSACTION READ ONLY; CREATE TABLE a (id integer); COMMIT;",
          "-- pgratchet: no-transaction\nCREATE TABLE a (id integer);"}) {
        EXPECT_NE(meaning(text), plain) << text;
    }
    EXPECT_NE(meaning(in_file("SELECT 'a  b';")), meaning(in_file("SELECT 'a b';")));
    EXPECT_NE(meaning(in_file("SELECT 1, 2;")), meaning(in_file("SELECT 1, 3;")));
}

TEST(meaning, of_what_has_no_tree_is_its_text)
{
    // MERGE ... RETURNING is newer than the parser.
    auto const text = std::string{"MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE RETURNING 1;"};
    EXPECT_EQ(meaning(in_file(text)), meaning("begin ;\n\n" + text + "commit;"));
    EXPECT_NE(meaning(in_file(text)), meaning(in_file("MERGE  INTO" + text.substr(10))));
}

TEST(meaning, keeps_a_tablespaces_location)
{
    auto const at = [](std::string const& where) {
        return meaning("-- pgratchet: no-transaction\nCREATE TABLESPACE t LOCATION '" + where + "';");
    };
    EXPECT_NE(at("/a"), at("/b"));
}

TEST(frozen, list_is_read_as_it_is_written)
{
    std::vector<frozen_file> const files{frozen("001_a.sql", in_file("SELECT 1;")), frozen("002_b c.sql", "x")};
    auto const read = read_frozen("SHA256SUMS", "# of a person\n\n" + lines_for(files));
    EXPECT_TRUE(read.diagnostics.empty());
    ASSERT_EQ(read.files.size(), 2U);
    EXPECT_EQ(read.files[0].line, 4U);
    EXPECT_EQ(read.files[1].meaning, files[1].meaning);
    EXPECT_EQ(lines_for(read.files), lines_for(files));
    EXPECT_EQ(read.find("002_b c.sql"), &read.files[1]);
    EXPECT_EQ(read.find("002_b"), nullptr);
}

TEST(frozen, list_has_odd_but_valid_forms)
{
    auto const sum = std::string(64, 'A');
    auto const read = read_frozen("s", sum + " *001_a.sql\r\n" + sum + "  002_b.sql");
    EXPECT_TRUE(read.diagnostics.empty());
    EXPECT_EQ(read.files.at(1), (frozen_file{"002_b.sql", std::string(64, 'a'), "", 2}));
}

TEST(frozen, list_is_checked)
{
    auto const sum = std::string(64, 'a');
    EXPECT_EQ(rules(read_frozen("s", "x\n" + sum + "\n" + sum + "  \n" + sum + " 001_a.sql\n" + sum + "  README\n")
                        .diagnostics),
              "frozen-list-line 1, frozen-list-line 2, frozen-list-line 3, frozen-list-line 4, frozen-list-line 5");
    EXPECT_EQ(rules(read_frozen("s", sum + "  002_a.sql\n" + sum + "  001_a.sql\n=======\n").diagnostics),
              "frozen-list-order 2, unmerged-frozen-list 3");
}

TEST(frozen, meaning_belongs_to_the_line_behind_it)
{
    auto const sum = std::string(64, 'a');
    auto const read = read_frozen("s", "# meaning one\n" + sum + "  001_a.sql\n" + sum + "  002_a.sql\n");
    EXPECT_EQ(read.files.at(0).meaning, "one");
    EXPECT_EQ(read.files.at(1).meaning, "");
}

TEST(frozen, edits_are_told_apart)
{
    auto const text = in_file("SELECT 1;");
    auto const known = frozen("001_a.sql", text);
    EXPECT_EQ(edit_of(known, text), edit::none);
    EXPECT_EQ(edit_of(known, "BEGIN;\r\nSELECT 1;\r\nCOMMIT;\r\n"), edit::line_ends);
    EXPECT_EQ(edit_of(frozen("001_a.sql", "BEGIN;\r\nSELECT 1;\r\nCOMMIT;\r\n"), text), edit::line_ends);
    EXPECT_EQ(edit_of(known, "-- x\n" + text), edit::layout);
    EXPECT_EQ(edit_of(known, in_file("SELECT 2;")), edit::meaning);
    EXPECT_EQ(edit_of(known, text + "'"), edit::meaning);
    auto without = known;
    without.meaning.clear();
    EXPECT_EQ(edit_of(without, "-- x\n" + text), edit::meaning);
}

TEST(new_file, has_a_name_of_its_description)
{
    EXPECT_EQ(as_part_of_a_name("Add case notes"), "add_case_notes");
    EXPECT_EQ(as_part_of_a_name("  a--b / c.sql "), "a_b_c_sql");
    EXPECT_EQ(as_part_of_a_name("größe"), "größe");
    EXPECT_EQ(as_part_of_a_name("[;]"), "");
}

TEST(new_file, lacks_nothing_but_statements)
{
    for (auto const mode : {transaction_mode::wrapped, transaction_mode::none}) {
        auto const text = new_file("x\n'; DROP", "004", mode);
        EXPECT_EQ(rules(parse("x.sql", text).diagnostics).substr(0, 10), "empty-body") << text;
        auto const place = text.find("BEGIN;\n");
        auto const full = mode == transaction_mode::none
                              ? text + "SELECT 1;"
                              : text.substr(0, place + 7) + "SELECT 1;" + text.substr(place + 7);
        EXPECT_EQ(rules(parse("x.sql", full).diagnostics), "") << full;
        EXPECT_EQ(parse("x.sql", full).result.mode, mode);
    }
}

TEST(next_version, goes_up_by_one)
{
    auto const next = [](std::vector<std::string> const& files, std::string const& now = "20260131120000") {
        return next_version(order(files, "m").migrations, now);
    };
    EXPECT_EQ(next({}), "001");
    EXPECT_EQ(next({"001_a.sql", "002_b.sql"}), "003");
    EXPECT_EQ(next({"0009_a.sql"}), "0010");
    EXPECT_EQ(next({"999_a.sql"}), "1000");
    EXPECT_EQ(next({"20250101_a.sql"}), "20260131");
    EXPECT_EQ(next({"20260131_a.sql"}), "20260132");
    EXPECT_EQ(next({"20250101000000_a.sql"}), "20260131120000");
    EXPECT_EQ(next({"20250101000000000_a.sql"}), "20260131120000000");
    EXPECT_EQ(next({"20270101000000_a.sql"}), "20270101000001");
}
