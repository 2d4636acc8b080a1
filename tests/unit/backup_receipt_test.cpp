// SPDX-License-Identifier: Apache-2.0
#include "backup/receipt.hpp"
#include "errors.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <tuple>

namespace {

using namespace pgratchet;

backup::receipt example()
{
    backup::receipt one;
    one.archive = "pre-004-20261123T101500Z.dump";
    one.format = backup::archive_format::directory;
    one.compression = "zstd:1";
    one.bytes = 5'000'000'000;
    one.sha256 = std::string(64, 'a');
    one.project = "shop";
    one.environment = "prod";
    one.database = "Kunden \"A\" ä";
    one.database_oid = 4'294'967'295U;
    one.database_bytes = 20'000'000'000;
    one.system_identifier = "7571934517384929999";
    one.server_version = 150018;
    one.condition = "applied";
    one.version = "003";
    one.accepted_drift = {"public.customers.email"};
    one.plan_sha256 = std::string(64, '0');
    one.pg_dump_major = 17;
    one.pg_dump_version = "17.5 (Debian 17.5-1)";
    one.seconds = 1.5;
    one.started = "2026-11-23T10:15:00Z";
    one.finished = "2026-11-23T10:15:02Z";
    return one;
}

/// What parse_receipt() says about the example with one field replaced, or taken out.
std::string refusal(std::string const& field, std::optional<nlohmann::json> const& value)
{
    auto changed = nlohmann::json::parse(to_json(example()));
    if (value) {
        changed[field] = *value;
    } else {
        changed.erase(field);
    }
    try {
        std::ignore = backup::parse_receipt(changed.dump(), "x.json");
    } catch (configuration_error const& problem) {
        return problem.what();
    }
    return "";
}

TEST(backup_receipt_test, comes_back_as_it_was_written)
{
    EXPECT_EQ(backup::parse_receipt(to_json(example()), "x.json"), example());
    auto empty = example();
    empty.condition = "empty";
    empty.version.reset();
    empty.system_identifier.clear();
    EXPECT_EQ(backup::parse_receipt(to_json(empty), "x.json"), empty);
}

TEST(backup_receipt_test, every_field_must_be_there)
{
    auto const whole = nlohmann::json::parse(to_json(example()));
    for (auto const& [name, value] : whole.items()) {
        EXPECT_NE(refusal(name, std::nullopt).find("no field \"" + name + "\""), std::string::npos) << name;
        EXPECT_NE(refusal(name, nlohmann::json::array({1})), "") << name;
        EXPECT_NE(refusal(name, -1), "") << name;
    }
}

TEST(backup_receipt_test, refuses_what_is_out_of_bounds)
{
    EXPECT_NE(refusal("archive", "../other.dump"), "");
    EXPECT_NE(refusal("archive", ".."), "");
    EXPECT_NE(refusal("archive", ""), "");
    EXPECT_NE(refusal("archive", std::string{"a\0b", 3}), "");
    EXPECT_NE(refusal("environment", "a/b"), "");
    EXPECT_NE(refusal("archive_format", "tar"), "");
    EXPECT_NE(refusal("sha256", std::string(63, 'a')), "");
    EXPECT_NE(refusal("sha256", std::string(64, 'A')), "");
    EXPECT_NE(refusal("bytes", 1.5), "");
    EXPECT_NE(refusal("database_oid", 4'294'967'296ULL), "");
    EXPECT_NE(refusal("server_version", 1ULL << 40), "");
    EXPECT_NE(refusal("seconds", "1"), "");
    EXPECT_NE(refusal("started", "2026-11-23 10:15:00"), "");
    EXPECT_NE(refusal("condition", "fine"), "");
    EXPECT_NE(refusal("version", "003; DROP"), "");
    EXPECT_NE(refusal("version", nullptr), "");
    EXPECT_NE(refusal("surplus", 1), "");
    EXPECT_NE(refusal("database", std::string(2000, 'a')), "");
}

TEST(backup_receipt_test, names_the_file_and_says_who_wrote_a_newer_one)
{
    try {
        auto changed = nlohmann::json::parse(to_json(example()));
        changed["format_version"] = 3;
        std::ignore = backup::parse_receipt(changed.dump(), "backups/x.json");
        FAIL();
    } catch (configuration_error const& problem) {
        EXPECT_EQ(problem.what(), std::string{"backups/x.json is not the receipt of a backup: its format version is 3, "
                                              "this executor reads 2"});
        EXPECT_EQ(problem.hint(), "a newer pgratchet wrote it: use that one");
    }
}

TEST(backup_receipt_test, reads_format_1_which_names_no_project)
{
    auto older = nlohmann::json::parse(to_json(example()));
    older["format_version"] = 1;
    older.erase("project");
    older.erase("database_bytes");
    auto expected = example();
    expected.project.clear();
    expected.database_bytes = 0;
    EXPECT_EQ(backup::parse_receipt(older.dump(), "x.json"), expected);
}

TEST(backup_receipt_test, refuses_what_is_no_receipt_at_all)
{
    for (auto const& text :
         {std::string{}, std::string{"{"}, std::string{"[]"}, std::string{"null"}, std::string{"\xff\xfe"},
          std::string(70'000, ' '), std::string(60'000, '['), std::string{"{\"format\":\"pgratchet plan\"}"}}) {
        EXPECT_THROW(std::ignore = backup::parse_receipt(text, "x.json"), configuration_error) << text.substr(0, 40);
    }
}

TEST(backup_receipt_test, stands_beside_its_archive)
{
    EXPECT_EQ(backup::receipt_of("backups/pre-004.dump"), "backups/pre-004.dump.json");
    EXPECT_EQ(backup::receipt_of("backups/pre-004.dump/"), "backups/pre-004.dump.json");
}

} // namespace
