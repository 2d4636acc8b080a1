// SPDX-License-Identifier: Apache-2.0
#include "execute/clean_session.hpp"

namespace pgratchet::execute {

namespace {

constexpr auto foreign_prepared_statements =
    "SELECT FROM pg_catalog.pg_prepared_statements WHERE name !~ '^pgratchet_'";

} // namespace

cleaning::cleaning(database::session& on, std::string const& search_path, catalog::settings more)
    : m_statements{"CLOSE ALL",
                   "SET SESSION AUTHORIZATION DEFAULT", // RESET ROLE does not undo SET SESSION AUTHORIZATION,
                   "RESET ROLE",                        // and RESET ALL does not reset the role
                   "RESET ALL",
                   "UNLISTEN *",
                   "DISCARD TEMP",
                   "DISCARD SEQUENCES",
                   "SET default_transaction_deferrable = off"} // or the SELECTs may wait for a safe snapshot
{
    more.insert(more.end(), {{"search_path", search_path},
                             {"statement_timeout", "0"},
                             {"idle_in_transaction_session_timeout", "0"},
                             {"default_transaction_isolation", "read committed"},
                             {"default_transaction_read_only", "off"},
                             {"standard_conforming_strings", "on"}});
    if (on.server_version() >= 140000) {
        more.emplace_back("idle_session_timeout", "0");
    }
    if (on.server_version() >= 170000) {
        more.emplace_back("transaction_timeout", "0");
    }
    m_pin = catalog::set_all(more, catalog::lasting::session);
}

void cleaning::send(database::pipeline& to) const
{
    for (auto const& one : m_statements) {
        to.send(one);
    }
    to.send_prepared(m_pin);
    to.send_prepared(foreign_prepared_statements);
    to.end_group();
}

void cleaning::receive(database::pipeline& from)
{
    for (std::size_t i = 0; i <= m_statements.size(); ++i) {
        from.receive();
    }
    m_something_is_prepared = !from.receive().empty();
}

void cleaning::finish(database::session& on) const
{
    if (m_something_is_prepared) {
        on.execute("DEALLOCATE ALL");
        on.forget_prepared();
    }
}

void clean_session(database::session& on, std::string const& search_path, catalog::settings more)
{
    cleaning all{on, search_path, std::move(more)};
    database::with_prepared([&] {
        database::pipeline together{on};
        all.send(together);
        all.receive(together);
    });
    all.finish(on);
}

std::vector<std::string> const& own_identity()
{
    static std::vector<std::string> const statements{"SET SESSION AUTHORIZATION DEFAULT", "RESET ROLE"};
    return statements;
}

} // namespace pgratchet::execute
