// SPDX-License-Identifier: Apache-2.0
#include "database/redact.hpp"
#include "session_fixture.hpp"

#include <chrono>
#include <cstdlib>
#include <gtest/gtest.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace pgratchet::test;
using namespace std::chrono_literals;

class connection_test : public session_test {};

TEST_F(connection_test, a_refused_connection_has_the_servers_sqlstate)
{
    EXPECT_EQ(lost(s_server->conninfo("nope")).sqlstate, "3D000");
    EXPECT_EQ(lost(conninfo() + " user=nobody_here").sqlstate, "28000");
    auto const wrong = lost(url("secretive:wr%40ng"));
    EXPECT_EQ(wrong.sqlstate, "28P01");
    EXPECT_NE(wrong.message.find("password authentication failed for user \"secretive\""), std::string::npos)
        << wrong.message;
    EXPECT_EQ(wrong.message.find(".c:"), std::string::npos) << wrong.message;
    EXPECT_TRUE(lost("host=/nowhere").sqlstate.empty());
}

TEST_F(connection_test, a_password_is_used_and_never_shown)
{
    session right{url("secretive:gehe%21m%401%2Fx"), "test"};
    EXPECT_EQ(right.execute("SELECT current_user")[0][0], "secretive");

    std::vector<std::string> const bad{
        url("secretive:Gehe%21m%40Sesam"),
        url("secretive:Gehe!m@Sesam"),
        url("secretive:Gehe!m/Sesam"),
        url("secretive:Gehe!m%zzSesam"),
        url("secretive:Gehe!m#Sesam?Gehe"),
        "postgresql://u:Gehe!m/Sesam@127.0.0.1/x",
        "postgresql://u:Gehe!mSesam@127.0.0.1:99999999/x",
        "postgresql://u:Gehe!mSesam@127.0.0.1:port/x",
        "postgresql://u:Gehe!mSesam@nowhere.invalid/x",
        "postgresql://u:Gehe!mSesam@127.0.0.1:1/x",
        "postgresql://127.0.0.1:1/x?user=u&password=Gehe%21mSesam",
        "postgresql://u:Gehe!mSesam@[127.0.0.1/x",
        "postgresql://u:Gehe!mSesam@127.0.0.1/x?nonsense=1",
        "host=127.0.0.1 port=1 password=Gehe!mSesam",
        "host=127.0.0.1 port=1 password='Gehe!m Sesam'",
        "host=127.0.0.1 port=1 password=Gehe!m Sesam",
        "host=127.0.0.1 port=1 password='Gehe!m Sesam",
        "password=Gehe!mSesam host=nowhere.invalid",
        "Gehe!mSesam",
    };
    for (auto const& conninfo : bad) {
        auto const fields = lost(conninfo);
        auto const said = fields.message + fields.detail + fields.hint + fields.context;
        EXPECT_FALSE(fields.message.empty());
        for (auto const* const part : {"Gehe", "Sesam"}) {
            EXPECT_EQ(said.find(part), std::string::npos) << said;
        }
    }
}

TEST_F(connection_test, a_password_in_another_option_is_hidden_too)
{
    auto const fields = lost("postgresql://u:Gehe!mSesam@127.0.0.1/x?sslmode=Gehe!mSesam");
    EXPECT_NE(fields.message.find("sslmode"), std::string::npos) << fields.message;
    EXPECT_EQ(fields.message.find("Sesam"), std::string::npos) << fields.message;
}

TEST_F(connection_test, the_environment_counts)
{
    setenv("PGPASSWORD", "gehe!m@1/x", 1);
    session right{url("secretive"), "test"};
    EXPECT_EQ(right.execute("SELECT current_user")[0][0], "secretive");
    setenv("PGPASSWORD", "Sesam", 1);
    EXPECT_EQ(lost(url("secretive")).message.find("Sesam"), std::string::npos);
    unsetenv("PGPASSWORD");
}

/// A server that takes connections and never says a word.
class silent_server {
public:
    silent_server()
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        auto const path = (m_folder.path() / ".s.PGSQL.5432").string();
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        auto const* const any = reinterpret_cast<sockaddr const*>(&address);
        if (bind(m_socket, any, sizeof address) != 0 || listen(m_socket, 5) != 0) {
            ADD_FAILURE() << "cannot listen";
        }
    }
    ~silent_server() { close(m_socket); }
    silent_server(silent_server const&) = delete;
    silent_server& operator=(silent_server const&) = delete;

    [[nodiscard]] std::string folder() const { return m_folder.path().string(); }

private:
    scratch_folder m_folder;
    int m_socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

std::chrono::seconds seconds_until_lost(std::string const& conninfo, std::string const& message)
{
    auto const begin = std::chrono::steady_clock::now();
    auto const fields = lost(conninfo);
    EXPECT_NE(fields.message.find(message), std::string::npos) << fields.message;
    return std::chrono::round<std::chrono::seconds>(std::chrono::steady_clock::now() - begin);
}

TEST_F(connection_test, a_server_that_does_not_answer_is_given_up)
{
    silent_server const silent;
    EXPECT_GE(seconds_until_lost("host=" + silent.folder() + " connect_timeout=1", "within 2 seconds"), 2s);
    setenv("PGCONNECT_TIMEOUT", "3", 1);
    EXPECT_GE(seconds_until_lost("host=" + silent.folder(), "within 3 seconds"), 3s);
    unsetenv("PGCONNECT_TIMEOUT");
    EXPECT_GE(seconds_until_lost("host=" + silent.folder(), "within 10 seconds"), 10s);
}

TEST_F(connection_test, the_next_host_is_tried_after_a_silent_one)
{
    silent_server const silent;
    auto const text = conninfo();
    auto const begin = text.find('\'') + 1;
    auto const host = text.substr(begin, text.find('\'', begin) - begin);
    auto const hosts = "host=" + silent.folder() + "," + host + " dbname=postgres connect_timeout=2 user=";
    EXPECT_EQ(lost(hosts + "nobody_of_that_name").sqlstate, "28000");
    session second{hosts + "postgres", "test"};
    EXPECT_EQ(second.execute("SHOW client_encoding")[0][0], "UTF8");
    EXPECT_EQ(second.execute("SHOW application_name")[0][0], "test");
}

TEST(take_apart, a_secret_is_hidden_as_it_is_and_as_it_is_written)
{
    auto const hidden = [](std::string const& conninfo, std::string const& text) {
        return pgratchet::database::take_apart(conninfo).hide(text);
    };
    EXPECT_EQ(hidden("postgresql://u:s%20cret@h/db", "s%20cret or s cret"), "*** or ***");
    EXPECT_EQ(hidden("postgresql://h/db?user=u&password=p@s%20s&x", "p@s%20s or p@s s"), "");
    EXPECT_EQ(hidden("postgresql://h/db?user=u&password=p@s%20s", "p@s%20s or p@s s"), "*** or ***");
    EXPECT_EQ(hidden("postgresql://h/db?sslpassword=s%20cret&user=ab", "s%20cret or s cret"), "*** or ***");
    // What stands between : and @ may have been meant as a password.
    EXPECT_EQ(hidden("postgresql://h:1/db?sslpassword=s%20cret&user=a@b", "anything"), "");
    EXPECT_EQ(hidden("host=h password='s cret'", "s cret for h"), "*** for h");
}

} // namespace
