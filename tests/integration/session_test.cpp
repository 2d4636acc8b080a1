// SPDX-License-Identifier: Apache-2.0
#include "session_fixture.hpp"

#include <chrono>
#include <cstdlib>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace pgratchet::test;
using pgratchet::database::transaction_status;
using namespace std::chrono_literals;

TEST_F(session_test, gives_rows_of_the_last_statement)
{
    session connection{conninfo(), "a name"};
    auto const answer = connection.execute("SELECT 1; SELECT 'ü', NULL, '', 2.50, true UNION ALL SELECT 'z', 'x', "
                                           "'y', 3, false");
    ASSERT_EQ(answer.size(), 2U);
    EXPECT_EQ(answer[0], (pgratchet::database::row{"ü", std::nullopt, "", "2.50", "t"}));
    EXPECT_TRUE(connection.execute("CREATE TEMPORARY TABLE t ()").empty());
    EXPECT_TRUE(connection.execute("").empty());
    EXPECT_EQ(connection.execute("SHOW application_name")[0][0], "a name");
    EXPECT_EQ(connection.execute("SELECT pg_backend_pid()")[0][0], std::to_string(connection.backend_pid()));
    EXPECT_EQ(connection.execute("SHOW server_version_num")[0][0], std::to_string(connection.server_version()));
}

TEST_F(session_test, text_is_utf8_whatever_the_environment_says)
{
    setenv("PGCLIENTENCODING", "LATIN1", 1);
    session connection{conninfo(), "test"};
    unsetenv("PGCLIENTENCODING");
    EXPECT_EQ(connection.execute("SELECT length('ü漢')")[0][0], "2");
}

TEST_F(session_test, quotes_literals)
{
    session connection{conninfo(), "test"};
    for (std::string const text : {"it's", "back\\slash", "", "ü \" $$ ;"}) {
        EXPECT_EQ(connection.execute("SELECT " + connection.quote(text))[0][0], text);
    }
}

TEST_F(session_test, a_zero_byte_is_refused_and_cuts_nothing)
{
    session connection{conninfo(), "test"};
    using namespace std::string_literals;
    EXPECT_EQ(refused(connection, "SELECT 1\0; SELECT 2"s).sqlstate, "22021");
    EXPECT_THROW(std::ignore = connection.quote("a\0b"s), sql_error);
}

TEST_F(session_test, a_position_counts_characters)
{
    session connection{conninfo(), "test"};
    auto const fields = refused(connection, "SELECT 'üüü漢', nope");
    EXPECT_EQ(fields.sqlstate, "42703");
    EXPECT_EQ(fields.severity, "ERROR");
    EXPECT_EQ(fields.position, 16U);
    auto const later = refused(connection, "SELECT 1;\r\nSELECT 2;\r\nSELEC 3");
    EXPECT_EQ(later.sqlstate, "42601");
    EXPECT_EQ(later.position, 23U);
    EXPECT_EQ(connection.execute("SELECT 4")[0][0], "4") << "the connection lives on";
}

TEST_F(session_test, an_error_has_all_its_fields)
{
    session connection{conninfo(), "test"};
    connection.execute("CREATE TEMPORARY TABLE t (a int CONSTRAINT positive CHECK (a > 0))");
    auto const check = refused(connection, "INSERT INTO t VALUES (0)");
    EXPECT_EQ(check.sqlstate, "23514");
    EXPECT_EQ(check.table, "t");
    EXPECT_EQ(check.constraint, "positive");
    EXPECT_FALSE(check.schema.empty());
    EXPECT_FALSE(check.detail.empty());
    EXPECT_EQ(refused(connection, "ALTER TABLE t ALTER a SET NOT NULL; INSERT INTO t VALUES (NULL)").column, "a");
    auto const raised = refused(connection, "DO $$BEGIN RAISE 'no' USING DETAIL = 'd', HINT = 'h', ERRCODE = "
                                            "'UX001'; END$$");
    EXPECT_EQ(raised.sqlstate, "UX001");
    EXPECT_EQ(raised.message, "no");
    EXPECT_EQ(raised.detail, "d");
    EXPECT_EQ(raised.hint, "h");
    EXPECT_NE(raised.context.find("PL/pgSQL"), std::string::npos);
    auto const inner = refused(connection, "DO $$BEGIN EXECUTE 'SELECT ü, 1'; END$$");
    EXPECT_EQ(inner.internal_query, "SELECT ü, 1");
    EXPECT_EQ(inner.internal_position, 8U);
    EXPECT_EQ(inner.position, 0U);
}

TEST_F(session_test, the_state_of_the_transaction_is_known)
{
    session connection{conninfo(), "test"};
    EXPECT_EQ(connection.status(), transaction_status::idle);
    connection.execute("BEGIN; SELECT 1");
    EXPECT_EQ(connection.status(), transaction_status::in_transaction);
    refused(connection, "SELECT nope");
    EXPECT_EQ(connection.status(), transaction_status::failed);
    EXPECT_EQ(refused(connection, "SELECT 1").sqlstate, "25P02");
    connection.execute("ROLLBACK");
    EXPECT_EQ(connection.status(), transaction_status::idle);
}

TEST_F(session_test, a_deadlock_is_an_sql_error)
{
    session a{conninfo(), "test"};
    session b{conninfo(), "test"};
    a.execute("CREATE TABLE IF NOT EXISTS one (); CREATE TABLE IF NOT EXISTS two ()");
    a.execute("BEGIN; SET LOCAL deadlock_timeout = '100ms'; LOCK TABLE one");
    b.execute("BEGIN; SET LOCAL deadlock_timeout = '1min'; LOCK TABLE two");
    std::thread other{[&b] {
        b.execute("LOCK TABLE one");
    }};
    session watcher{conninfo(), "test"};
    while (watcher.execute("SELECT FROM pg_locks WHERE NOT granted").empty()) {
        std::this_thread::sleep_for(10ms);
    }
    EXPECT_EQ(refused(a, "LOCK TABLE two").sqlstate, "40P01");
    a.execute("ROLLBACK");
    other.join();
    b.execute("ROLLBACK; DROP TABLE one, two");
}

TEST_F(session_test, notices_reach_the_receiver)
{
    session connection{conninfo(), "test"};
    connection.execute("DO $$BEGIN RAISE NOTICE 'nobody listens'; END$$");
    std::vector<server_message> seen;
    connection.on_notice([&seen](server_message const& message) { seen.push_back(message); });
    connection.execute("DO $$BEGIN RAISE NOTICE 'first ü'; RAISE WARNING 'second' USING HINT = 'h'; END$$");
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0].severity, "NOTICE");
    EXPECT_EQ(seen[0].message, "first ü");
    EXPECT_EQ(seen[1].severity, "WARNING");
    EXPECT_EQ(seen[1].hint, "h");
    auto moved = std::move(connection);
    moved.execute("DO $$BEGIN RAISE NOTICE 'third'; END$$");
    EXPECT_EQ(seen.size(), 3U);
    moved.on_notice([](server_message const&) { throw std::runtime_error{"from the receiver"}; });
    EXPECT_THROW(moved.execute("DO $$BEGIN RAISE NOTICE 'fourth'; END$$"), std::runtime_error);
    moved.on_notice({});
    EXPECT_EQ(moved.execute("SELECT 1")[0][0], "1");
}

TEST_F(session_test, another_thread_cancels)
{
    session connection{conninfo(), "test"};
    std::thread other{[&connection] {
        std::this_thread::sleep_for(300ms);
        connection.cancel();
    }};
    auto const begin = std::chrono::steady_clock::now();
    EXPECT_EQ(refused(connection, "SELECT pg_sleep(30)").sqlstate, "57014");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
    other.join();
    connection.cancel(); // nothing runs: no harm
    EXPECT_EQ(connection.execute("SELECT 1")[0][0], "1");
}

TEST_F(session_test, a_copy_with_the_client_is_refused_and_leaves_no_trace)
{
    session connection{conninfo(), "test"};
    connection.execute("CREATE TEMPORARY TABLE t (a int)");
    EXPECT_EQ(refused(connection, "COPY t FROM STDIN").sqlstate, "0A000");
    EXPECT_EQ(refused(connection, "COPY pg_class TO STDOUT").sqlstate, "0A000");
    EXPECT_EQ(connection.execute("SELECT count(*) FROM t")[0][0], "0");
    EXPECT_EQ(connection.status(), transaction_status::idle);
}

void expect_shut_down(session& connection, std::string const& sql)
{
    try {
        connection.execute(sql);
        ADD_FAILURE() << "the connection lives";
    } catch (connection_lost const& e) {
        EXPECT_EQ(e.fields().sqlstate, "57P01");
        EXPECT_NE(std::string{e.what()}.find("terminating connection"), std::string::npos) << e.what();
    }
    EXPECT_THROW(connection.execute("SELECT 1"), connection_lost);
    EXPECT_EQ(connection.status(), transaction_status::unknown);
}

TEST_F(session_test, a_terminated_backend_is_a_lost_connection)
{
    session at_work{conninfo(), "test"};
    expect_shut_down(at_work, "SELECT pg_terminate_backend(pg_backend_pid())");
    session idle{conninfo(), "test"};
    session other{conninfo(), "test"};
    other.execute("SELECT pg_terminate_backend(" + std::to_string(idle.backend_pid()) + ")");
    std::this_thread::sleep_for(200ms);
    expect_shut_down(idle, "SELECT 1");
    EXPECT_NO_THROW(idle.cancel());
}

} // namespace
