// SPDX-License-Identifier: Apache-2.0
#include "bundle/executor_options.hpp"

#include <gtest/gtest.h>

namespace {

using pgratchet::bundle::environment_preset;
using pgratchet::bundle::executor_options;
using pgratchet::bundle::shell_word;

environment_preset guarded()
{
    return {"production",
            "production",
            {{"PGRATCHET_ENVIRONMENT", "prod"},
             {"PGRATCHET_URL_VARIABLE", "SHOP_URL"},
             {"PGRATCHET_PG_BINDIR", ""},
             {"PGRATCHET_PROTECTED", "TRUE"},
             {"PGRATCHET_TLS", "require"},
             {"PGRATCHET_EXPECT_DATABASE", "it's $HOME"},
             {"PGRATCHET_EXPECT_SYSTEM_IDENTIFIER", "7"},
             {"PGRATCHET_WAIT_FOR", "30s"},
             {"PGRATCHET_LOCK_TIMEOUT", "4s"},
             {"PGRATCHET_BACKUP", "REQUIRED"},
             {"PGRATCHET_BACKUP_DIR", "/srv/back ups"},
             {"PGRATCHET_BACKUP_JOBS", "4"},
             {"PGRATCHET_RECEIPTS_DIR", "/var/lib/receipts"}}};
}

TEST(ExecutorOptions, AreThoseOfTheTargets)
{
    std::string const connection = R"( --environment prod --url-variable SHOP_URL --protected --tls require)"
                                   R"( --expect-database 'it'\''s $HOME' --expect-system-identifier 7 --wait-for 30s)";
    std::string const receipts = " --receipts-dir /var/lib/receipts";
    auto const of = [](std::string const& command) {
        return executor_options(guarded(), command);
    };
    EXPECT_EQ(of("status"), connection);
    EXPECT_EQ(of("verify"), connection);
    EXPECT_EQ(of("apply"), connection +
                               " --lock-timeout 4s --backup required --backup-dir '/srv/back ups'"
                               " --backup-format directory --backup-jobs 4" +
                               receipts);
    EXPECT_EQ(of("backup"), connection + " --backup-dir '/srv/back ups' --format directory --jobs 4" + receipts);
    EXPECT_EQ(of("rehearse"), connection +
                                  " --backup-dir '/srv/back ups' --format directory --jobs 4"
                                  " --restore-jobs 4" +
                                  receipts);
    EXPECT_EQ(of("restore"), connection + " --jobs 4" + receipts);
    EXPECT_EQ(of("history"), " --environment prod" + receipts);
}

TEST(ExecutorOptions, WithoutGuards)
{
    environment_preset plain{"prod", "prod", {{"PGRATCHET_URL_VARIABLE", "U"}, {"PGRATCHET_PROTECTED", "OFF"}}};
    EXPECT_EQ(executor_options(plain, "apply"), " --environment prod --url-variable U");
    plain.variables["PGRATCHET_BACKUP"] = "NEVER";
    plain.variables["PGRATCHET_BACKUP_DIR"] = "/srv/backups";
    EXPECT_EQ(executor_options(plain, "apply"), " --environment prod --url-variable U");
    EXPECT_EQ(executor_options(plain, "backup"), " --environment prod --url-variable U --backup-dir /srv/backups");
}

TEST(ExecutorOptions, WordsOfAShell)
{
    EXPECT_EQ(shell_word("/srv/a-b_c.d"), "/srv/a-b_c.d");
    EXPECT_EQ(shell_word(""), "''");
    EXPECT_EQ(shell_word("a;b"), "'a;b'");
    EXPECT_EQ(shell_word("$(id)`id`"), "'$(id)`id`'");
    EXPECT_EQ(shell_word("sh\u00f6p"), "'sh\u00f6p'");
    EXPECT_EQ(shell_word("${sourceDir}/back ups"), R"("$PWD"'/back ups')");
    EXPECT_EQ(shell_word("$env{HOME}/b$penv{X}"), R"("${HOME}"/b"${X}")");
    EXPECT_EQ(shell_word("a${dollar}b$"), "a'$''b$'");
    EXPECT_EQ(shell_word("$env{a`id`}"), "'$env{a`id`}'");
}

} // namespace
