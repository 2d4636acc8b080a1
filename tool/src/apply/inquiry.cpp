// SPDX-License-Identifier: Apache-2.0
#include "apply/inquiry.hpp"

#include "errors.hpp"
#include "interrupt/interrupt.hpp"

#include <chrono>

namespace pgratchet::apply {

namespace {

/// "committed", "aborted", "in progress", or nothing if the server does not know: a number that it has not given out
/// yet belongs to what it lost in a crash.
std::optional<std::string> status_of(database::session& on, std::string const& transaction)
{
    try {
        return on.execute("SELECT pg_catalog.pg_xact_status('" + transaction + "'::xid8)").at(0).at(0);
    } catch (database::sql_error const&) {
        return std::nullopt;
    }
}

std::optional<fitting> look(database::session& on, inquiry const& how)
{
    try {
        return how.look(on);
    } catch (database::sql_error const&) {
        return std::nullopt;
    } catch (failure const&) {
        return std::nullopt; // the catalog is locked, for instance
    }
}

/// Nothing if it is to be asked again.
std::optional<fate> ask_once(std::string const& transaction, inquiry const& how)
{
    try {
        auto const session = how.reconnect();
        if (session->execute("SELECT pg_catalog.pg_is_in_recovery()").at(0).at(0) == "t") {
            return std::nullopt; // what a standby has not heard of may be committed all the same
        }
        auto const status = status_of(*session, transaction);
        return status == "in progress" ? std::nullopt : std::optional{decide(status, look(*session, how))};
    } catch (database::connection_lost const&) {
        return std::nullopt; // the server may be starting again
    } catch (database::sql_error const&) {
        return std::nullopt; // a timeout, or somebody cancelled it
    } catch (configuration_error const&) {
        return fate::unknown; // it answers, and is not the database that was worked on
    }
}

} // namespace

fate find_out(std::string const& transaction, inquiry const& how)
{
    constexpr auto patience = std::chrono::seconds{30};
    constexpr auto between_tries = std::chrono::milliseconds{500};
    auto const deadline = std::chrono::steady_clock::now() + patience;
    for (;;) { // once in any case: whoever asks us to end wants to know, too
        if (auto const known = ask_once(transaction, how)) {
            return *known;
        }
        if (interrupt::is_asked() || std::chrono::steady_clock::now() >= deadline) {
            return fate::unknown;
        }
        interrupt::sleep_for(between_tries);
    }
}

} // namespace pgratchet::apply
