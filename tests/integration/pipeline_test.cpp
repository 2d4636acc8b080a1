// SPDX-License-Identifier: Apache-2.0
// Statements that the server prepares once for a session.
#include "database/pipeline.hpp"
#include "session_fixture.hpp"

namespace pgratchet::test {

using database::pipeline;

namespace {

constexpr auto both = "SELECT $1::text || '-' || $2::text";

std::string answer(session& on, std::vector<std::string> const& values)
{
    pipeline one{on};
    one.send_prepared(both, values);
    one.end_group();
    return one.receive().at(0).at(0).value();
}

std::string prepared(session& on)
{
    return on.execute("SELECT count(*) FROM pg_prepared_statements").at(0).at(0).value();
}

} // namespace

TEST_F(session_test, prepares_a_statement_once)
{
    session on{conninfo(), "test"};
    EXPECT_EQ(answer(on, {"it's", "{\"a\\\\b\"}"}), "it's-{\"a\\\\b\"}");
    EXPECT_EQ(answer(on, {"c", ""}), "c-");
    EXPECT_EQ(prepared(on), "1");
    pipeline two{on};
    two.send_prepared(both, {"d", "e"});
    two.send_prepared("SELECT 1");
    two.send_prepared("SELECT 1");
    two.end_group();
    EXPECT_EQ(two.receive().at(0).at(0), "d-e");
    EXPECT_EQ(two.receive().at(0).at(0), "1");
    EXPECT_EQ(two.receive().at(0).at(0), "1");
}

TEST_F(session_test, prepares_again_what_was_deallocated)
{
    session on{conninfo(), "test"};
    EXPECT_EQ(answer(on, {"a", "b"}), "a-b");
    on.execute("DEALLOCATE ALL");
    try {
        answer(on, {"a", "b"});
        FAIL() << "it is still there";
    } catch (sql_error const& problem) {
        EXPECT_EQ(problem.sqlstate(), database::no_such_prepared_statement);
    }
    EXPECT_EQ(answer(on, {"a", "b"}), "a-b");
    on.execute("DEALLOCATE ALL");
    EXPECT_EQ(database::with_prepared([&] { return answer(on, {"c", "d"}); }), "c-d");
    on.execute("DEALLOCATE ALL");
    on.forget_prepared();
    EXPECT_EQ(answer(on, {"e", "f"}), "e-f");
    EXPECT_EQ(prepared(on), "1");
}

TEST_F(session_test, knows_what_an_error_kept_from_being_prepared)
{
    session on{conninfo(), "test"};
    {
        pipeline group{on};
        group.send("SELECT 1/0");
        group.send_prepared(both, {"a", "b"});
        group.end_group();
        EXPECT_THROW(group.receive(), sql_error);
    }
    EXPECT_EQ(prepared(on), "0");
    EXPECT_EQ(answer(on, {"a", "b"}), "a-b");
    {
        pipeline wrong{on};
        wrong.send_prepared("SELECT nothing_of_that_name");
        wrong.end_group();
        EXPECT_THROW(wrong.receive(), sql_error);
        wrong.send_prepared("SELECT nothing_of_that_name");
        wrong.end_group();
        EXPECT_THROW(wrong.receive(), sql_error);
    }
    int tried = 0;
    EXPECT_THROW(database::with_prepared([&] {
                     ++tried;
                     return on.execute("SELECT 1/0");
                 }),
                 sql_error);
    EXPECT_EQ(tried, 1); // another error than a lost statement
}

} // namespace pgratchet::test
