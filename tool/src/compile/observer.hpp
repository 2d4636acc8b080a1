// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compile/trace.hpp"
#include "database/session.hpp"
#include "observe/observation.hpp"
#include "script/script.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pgratchet::compile {

/// Sees what statements do to the relations that were there before their migration.
///
/// Locks are what the session holds after the statement and did not hold before it (pg_locks). A rewrite shows in the
/// file node. What is read in full the server says itself, in messages of level DEBUG1 that the shadow is set to send:
/// "verifying table", "building index", "validating foreign key constraint". Of a default partition that a new
/// partition takes its room from it says only that it need not be read, and of the tables of a domain nothing: their
/// locks tell.
class observer {
public:
    observer(database::session&, trace&);

    /// `before` is the catalog before the migration; it must stay.
    void begin_migration(catalog::snapshot const& before);

    void begin_statement() { m_said.clear(); }

    /// To be given every notice of the session that the trace has not taken; true if nobody else is to see it.
    bool take_notice(database::server_message const&);

    /// To be sent within a transaction before statements that lock nothing: what the server says of the indexes that
    /// they make takes time, and nobody asks for it.
    static constexpr auto listen_no_more = "SET LOCAL client_min_messages = notice";
    /// To be sent before any other statement of the transaction after that.
    static constexpr auto listen = "SET LOCAL client_min_messages = debug1";

    /// The query to be sent right after a statement, within its transaction; its answer goes to after().
    [[nodiscard]] std::string query() const { return m_trace.held_locks(); }

    /// What that statement did.
    [[nodiscard]] std::vector<observe::observation> after(script::script const&, script::statement const&,
                                                          database::rows const& locks);

    /// A transaction has ended, and its locks with it.
    void end_transaction() { m_held.clear(); }

    /// True for SET client_min_messages and its like: after it goes listen_again().
    [[nodiscard]] static bool may_silence(script::script const&, script::statement const&);

    /// Has the server send its messages again. Those that the file silenced stay unheard.
    void listen_again();

    /// For a statement that cannot run in a transaction, before it runs: what it is going to lock, by the manual. Its
    /// locks are gone when it has ended.
    [[nodiscard]] std::vector<observe::observation> foreseen(script::script const&, script::statement const&);

    /// The same after it ran, with what can be seen then.
    [[nodiscard]] std::vector<observe::observation> afterwards(script::statement const&,
                                                               std::vector<observe::observation> foreseen);

private:
    struct finding {
        observe::observation what;
        std::string strongest_held;
        bool is_sequence = false;
        bool has_rows = false;
    };

    void note_lock(database::row const&, script::statement const&, std::map<std::string, finding>& found);
    void note_index_lock(database::row const&, std::map<std::string, finding>& found) const;
    void note_scans(std::string_view statement, std::map<std::string, finding>& found) const;
    void note_silent_scans(script::statement const&, std::map<std::string, finding>& found) const;
    [[nodiscard]] bool was_there(std::string const& index) const;
    [[nodiscard]] std::vector<std::string> resolved(std::vector<std::string> const& names);

    database::session& m_session;
    trace& m_trace;
    catalog::snapshot const* m_before = nullptr;
    std::set<std::pair<std::string, std::string>> m_held; ///< OID and lock
    std::vector<std::string> m_said;                      ///< by the server at DEBUG1, since the last look
    std::string m_level;                                  ///< of messages that the file wants to see; empty: any
};

} // namespace pgratchet::compile
