// SPDX-License-Identifier: Apache-2.0
#include "restore/complaints.hpp"
#include "restore/names.hpp"
#include "restore/properties.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace {

using namespace pgratchet::restore;

std::string const complaint =
    "pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter \"transaction_timeout\"\n"
    "Command was: SET transaction_timeout = 0;\n";

std::string counted(int errors)
{
    return "pg_restore: warning: errors ignored on restore: " + std::to_string(errors) + "\n";
}

TEST(restore_complaints, that_of_an_older_server_is_none)
{
    EXPECT_TRUE(only_about_transaction_timeout("pg_restore: while INITIALIZING:\n" + complaint + counted(1)));
    EXPECT_TRUE(only_about_transaction_timeout(complaint + "\n" + complaint + counted(2)));
    EXPECT_TRUE(only_about_transaction_timeout(complaint + complaint + complaint + counted(2))); // with --jobs
    EXPECT_TRUE(only_about_transaction_timeout(
        "pg_restore: error: could not execute query: FEHLER:  unbekannter Konfigurationsparameter "
        "»transaction_timeout«\n"
        "Command was: SET transaction_timeout = 0;\n" +
        counted(1)));
}

TEST(restore_complaints, workers_write_between_each_others)
{
    std::string const message = "could not execute query: ERROR:  unrecognized configuration parameter "
                                "\"transaction_timeout\"\nCommand was: SET transaction_timeout = 0;";
    EXPECT_TRUE(only_about_transaction_timeout("pg_restore: pg_restore:error:  " + message + "\nerror: " + message +
                                               "\n" + complaint + counted(2)));
    EXPECT_TRUE(only_about_transaction_timeout("pg_restore: error: pg_restore: error: " + message + message + "\n\n" +
                                               counted(2)));
    EXPECT_FALSE(only_about_transaction_timeout("pg_restore: pg_restore:error:  " + message +
                                                "\nerror: COPY failed for table \"a\"\n" + counted(1)));
    EXPECT_FALSE(only_about_transaction_timeout("pg_restore: error: pg_restore: error: " + message +
                                                "could not execute query: ERROR:  out of shared memory\nCommand was: "
                                                "CREATE TABLE a ();\n\n" +
                                                counted(1)));
}

TEST(restore_complaints, anything_else_counts)
{
    EXPECT_FALSE(only_about_transaction_timeout(""));
    EXPECT_FALSE(only_about_transaction_timeout(complaint)); // it stopped there
    EXPECT_FALSE(only_about_transaction_timeout(counted(1)));
    EXPECT_FALSE(only_about_transaction_timeout(complaint + counted(2)));
    EXPECT_FALSE(
        only_about_transaction_timeout(complaint +
                                       "pg_restore: error: could not execute query: ERROR:  out of shared memory\n"
                                       "Command was: CREATE TABLE a ();\n" +
                                       counted(2)));
    EXPECT_FALSE(
        only_about_transaction_timeout(complaint + "pg_restore: error: COPY failed for table \"a\"\n" + counted(1)));
}

TEST(restore_complaints, a_command_that_quotes_one_does_not_hide_behind_it)
{
    EXPECT_FALSE(only_about_transaction_timeout(
        "pg_restore: error: could not execute query: ERROR:  permission denied for schema public\n"
        "Command was: CREATE FUNCTION f() AS '\n" +
        complaint + "';\n" + complaint + counted(2)));
}

TEST(restore_names, hold_database_word_and_moment)
{
    EXPECT_EQ(derived_name("shop", "before", "2026-11-23T10:15:00Z"), "shop_before_20261123T101500Z");
    EXPECT_TRUE(
        derived_name("shop", "before", "2026-11-23T10:15:00Z").starts_with(start_of_derived_name("shop", "before")));
}

TEST(restore_names, are_cut_to_what_the_server_takes)
{
    auto const name = derived_name(std::string(63, 'x'), "restoring", "2026-11-23T10:15:00Z");
    EXPECT_EQ(name, std::string(36, 'x') + "_restoring_20261123T101500Z");
    EXPECT_EQ(name.size(), 63U);
    std::string umlauts = "x";
    for (int i = 0; i < 31; ++i) {
        umlauts += "ä";
    }
    auto const whole = start_of_derived_name(umlauts, "restoring");
    EXPECT_EQ(whole.substr(0, whole.find("_restoring_")), umlauts.substr(0, 35)); // not in the middle of one
}

TEST(restore_settings, lists_are_taken_apart)
{
    using list = std::vector<std::string>;
    EXPECT_EQ(elements_of_list("\"$user\", public"), (list{"$user", "public"}));
    EXPECT_EQ(elements_of_list("a,b , c"), (list{"a", "b", "c"}));
    EXPECT_EQ(elements_of_list("\"a, b\", \"say \"\"x\"\"\""), (list{"a, b", "say \"x\""}));
    EXPECT_EQ(elements_of_list("\"\""), (list{""}));
    EXPECT_EQ(elements_of_list(""), list{});
    EXPECT_EQ(elements_of_list("\"open"), (list{"open"}));
}

} // namespace
