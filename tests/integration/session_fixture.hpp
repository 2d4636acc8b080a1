// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/local_server.hpp"
#include "database/session.hpp"
#include "scratch_folder.hpp"

#include <chrono>
#include <fstream>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <thread>

namespace pgratchet::test {

using database::connection_lost;
using database::local_server;
using database::server_message;
using database::session;
using database::sql_error;

/// A real server for all tests of a suite, with a role that needs a password: gehe!m@1/x.
class session_test : public testing::Test {
protected:
    static void SetUpTestSuite()
    {
        s_folder = std::make_unique<scratch_folder>();
        s_server = std::make_unique<local_server>(local_server::options{s_folder->path(), std::nullopt, true});
        session admin{conninfo(), "test"};
        admin.execute("CREATE ROLE secretive LOGIN PASSWORD 'gehe!m@1/x'");
        // The first rule that matches counts, and the local server trusts everybody.
        auto const rules = s_folder->path() / "data" / "pg_hba.conf";
        std::ifstream old{rules};
        std::string const text{std::istreambuf_iterator<char>{old}, {}};
        std::ofstream{rules} << "local all secretive scram-sha-256\n" << text;
        admin.execute("SELECT pg_reload_conf()");
        std::this_thread::sleep_for(std::chrono::milliseconds{300});
    }
    static void TearDownTestSuite()
    {
        s_server.reset();
        s_folder.reset();
    }

    static std::string conninfo() { return s_server->conninfo("postgres"); }

    /// A URL of the local server with these credentials, as written.
    static std::string url(std::string const& user_and_password)
    {
        auto const text = conninfo();
        auto const begin = text.find('\'') + 1;
        std::string host;
        for (auto const c : text.substr(begin, text.find('\'', begin) - begin)) {
            host += c == '/' ? "%2F" : std::string{c};
        }
        return "postgresql://" + user_and_password + "@" + host + "/postgres";
    }

    inline static std::unique_ptr<scratch_folder> s_folder;
    inline static std::unique_ptr<local_server> s_server;
};

/// The fields of the sql_error that a statement must end in.
inline server_message refused(session& connection, std::string const& sql)
{
    try {
        connection.execute(sql);
    } catch (sql_error const& e) {
        EXPECT_EQ(e.what(), e.fields().message);
        return e.fields();
    }
    ADD_FAILURE() << "not refused: " << sql;
    return {};
}

/// The fields of the connection_lost that an attempt to connect must end in.
inline server_message lost(std::string const& conninfo)
{
    try {
        session connection{conninfo, "test"};
    } catch (connection_lost const& e) {
        EXPECT_EQ(e.what(), e.fields().message);
        return e.fields();
    }
    ADD_FAILURE() << "connected";
    return {};
}

} // namespace pgratchet::test
