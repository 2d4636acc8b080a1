// SPDX-License-Identifier: Apache-2.0
#include "compile/observer.hpp"

#include "compile/foresight.hpp"
#include "compile/relations.hpp"
#include "observe/lock.hpp"
#include "script/spelling.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace pgratchet::compile {

namespace {

constexpr auto strongest_lock = "AccessExclusiveLock";

/// The text between a beginning and an end; nothing if the message is not of that form.
std::optional<std::string> between(std::string_view message, std::string_view begin, std::string_view end)
{
    auto const stop = message.find(end, begin.size());
    if (!message.starts_with(begin) || stop == std::string_view::npos) {
        return std::nullopt;
    }
    return std::string{message.substr(begin.size(), stop - begin.size())};
}

void keep_stronger(std::string& known, std::string const& lock)
{
    if (observe::strength(lock) > observe::strength(known)) {
        known = lock;
    }
}

/// A statement that gives a relation a new, empty file has rewritten nothing.
bool empties(script::statement const& one)
{
    return one.node == "TruncateStmt";
}

} // namespace

observer::observer(database::session& on, trace& following) : m_session{on}, m_trace{following} {}

void observer::begin_migration(catalog::snapshot const& before)
{
    m_before = &before;
    m_held.clear();
    m_said.clear();
    m_level.clear();
}

bool observer::take_notice(database::server_message const& notice)
{
    if (notice.severity.starts_with("DEBUG")) {
        m_said.push_back(notice.message);
        return true;
    }
    if (notice.severity == "LOG") {
        return true; // comes along at DEBUG1 where the server logs statements
    }
    return (notice.severity == "NOTICE" && (m_level == "warning" || m_level == "error")) ||
           (notice.severity == "WARNING" && m_level == "error");
}

std::vector<observe::observation> observer::after(script::script const& file, script::statement const& statement,
                                                  database::rows const& locks)
{
    std::map<std::string, finding> found; // by OID
    for (auto const& row : locks) {
        note_lock(row, statement, found);
    }
    for (auto const& row : locks) {
        note_index_lock(row, found);
    }
    if (!empties(statement)) {
        note_scans(file.text_of(statement), found);
    }
    note_silent_scans(statement, found);
    m_held.clear();
    for (auto const& row : locks) {
        m_held.emplace(row.at(0).value(), row.at(1).value());
    }
    std::vector<observe::observation> all;
    for (auto& [oid, one] : found) {
        // A rewrite needs the strongest lock, also where an earlier statement took it and only weaker ones are new.
        bool const took_none = one.what.lock.empty() && (one.what.scanned || one.what.index_built);
        if (one.what.rewritten || took_none) {
            keep_stronger(one.what.lock, one.strongest_held);
        }
        if (!one.what.lock.empty()) {
            all.push_back(std::move(one.what));
        }
    }
    std::sort(all.begin(), all.end(),
              [](observe::observation const& a, observe::observation const& b) { return a.relation < b.relation; });
    return all;
}

void observer::note_lock(database::row const& row, script::statement const& statement,
                         std::map<std::string, finding>& found)
{
    auto const& oid = row.at(0).value();
    auto const& lock = row.at(1).value();
    auto& relations = m_trace.known_relations();
    auto const identity = relations.before_migration(oid);
    if (!identity) {
        return;
    }
    auto& one = found[oid];
    one.what.relation = *identity;
    one.is_sequence = row.at(2) == "S";
    keep_stronger(one.strongest_held, lock);
    if (!m_held.contains({oid, lock})) {
        keep_stronger(one.what.lock, lock);
    }
    one.has_rows = row.at(2) == "r" || row.at(2) == "m";
    if (one.has_rows && row.at(3)) {
        auto const was = relations.file_node(oid);
        if (!was.empty() && was != *row.at(3) && !empties(statement)) {
            one.what.rewritten = true;
        }
        relations.note_file_node(oid, *row.at(3));
    }
}

/// An index is a relation of its own where it alone is locked: REINDEX. Else its table tells.
void observer::note_index_lock(database::row const& row, std::map<std::string, finding>& found) const
{
    if (!row.at(4) || row.at(1) != strongest_lock || m_held.contains({row.at(0).value(), strongest_lock})) {
        return;
    }
    auto const table = found.find(*row.at(4));
    auto const identity = catalog::without_needless_quotes(row.at(5).value());
    if (table != found.end() && table->second.strongest_held != strongest_lock && was_there(identity)) {
        found[row.at(0).value()] = {{identity, strongest_lock}, strongest_lock, false};
    }
}

bool observer::was_there(std::string const& index) const
{
    // An index of a constraint is known by the constraint, whose name is the same.
    auto const name = index.substr(index.rfind('.') + 1) + " on ";
    auto const constraint = m_before->lower_bound({"table constraint", name});
    return m_before->contains({"index", index}) || m_before->contains({"invalid index", index}) ||
           (constraint != m_before->end() && constraint->first.kind == "table constraint" &&
            constraint->first.identity.starts_with(name));
}

void observer::note_scans(std::string_view statement, std::map<std::string, finding>& found) const
{
    for (auto const& message : m_said) {
        auto const verified = between(message, "verifying table \"", "\"");
        auto const at = message.find("\" on table \"");
        auto const indexed = message.starts_with("building index \"") && at != std::string::npos
                                 ? between(std::string_view{message}.substr(at), "\" on table \"", "\"")
                                 : std::nullopt;
        bool const is_foreign_key = message.starts_with("validating foreign key constraint ");
        for (auto& [oid, one] : found) {
            auto const name = bare_name(one.what.relation);
            if (one.what.rewritten || one.is_sequence) {
                continue; // what is rewritten has its indexes built anew; that is part of it
            }
            // A foreign key's message names the constraint alone. Both tables are read, and locked alike, now or
            // before.
            bool const is_end_of_key =
                is_foreign_key && (observe::strength(one.what.lock) > observe::strength("RowExclusiveLock") ||
                                   (one.what.lock.empty() && statement.find(name) != std::string_view::npos));
            one.what.scanned = one.what.scanned || verified == name || indexed == name || is_end_of_key;
            one.what.index_built = one.what.index_built || indexed == name;
        }
    }
}

/// CREATE TABLE locks a table that there is against readers only to look for rows in it that belong into the new
/// partition; ALTER DOMAIN locks tables only to look at the values of their columns.
void observer::note_silent_scans(script::statement const& statement, std::map<std::string, finding>& found) const
{
    bool const is_create_table = statement.node == "CreateStmt";
    if (!is_create_table && statement.node != "AlterDomainStmt") {
        return;
    }
    for (auto& [oid, one] : found) {
        auto const is_spared = [&name = one.what.relation](std::string const& message) {
            return message.find("is implied by existing constraints") != std::string::npos &&
                   between(message, "updated partition constraint for default partition \"", "\"") == bare_name(name);
        };
        bool const is_read = is_create_table
                                 ? one.what.lock == strongest_lock && std::ranges::none_of(m_said, is_spared)
                                 : !one.what.lock.empty();
        one.what.scanned = one.what.scanned || (one.has_rows && is_read);
    }
}

bool observer::may_silence(script::script const& file, script::statement const& one)
{
    return one.node == "VariableSetStmt" &&
           script::in_lower_case(file.text_of(one)).find("client_min_messages") != std::string::npos;
}

void observer::listen_again()
{
    m_level = m_session.execute("SHOW client_min_messages").at(0).at(0).value_or("");
    m_session.execute("SET client_min_messages = debug1");
}

std::vector<observe::observation> observer::foreseen(script::script const& file, script::statement const& one)
{
    auto const expected = foresee(file.text_of(one), one);
    std::vector<observe::observation> all;
    if (expected.lock.empty()) {
        return all;
    }
    for (auto const& oid : resolved(expected.names)) {
        if (auto const identity = m_trace.known_relations().before_migration(oid)) {
            all.push_back({*identity, expected.lock, false, expected.scans, false});
        }
    }
    std::sort(all.begin(), all.end(),
              [](observe::observation const& a, observe::observation const& b) { return a.relation < b.relation; });
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

std::vector<observe::observation> observer::afterwards(script::statement const& statement,
                                                       std::vector<observe::observation> foreseen)
{
    auto const changed = m_trace.changed_file_nodes();
    for (auto& one : foreseen) {
        one.rewritten = changed.contains(one.relation) && !empties(statement);
    }
    return foreseen;
}

std::vector<std::string> observer::resolved(std::vector<std::string> const& names)
{
    auto const rows =
        names.empty()
            ? m_session.execute("SELECT c.oid::text FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'm', 'p')")
            : m_session.execute(
                  "SELECT DISTINCT coalesce(i.indrelid, c.oid)::text FROM pg_catalog.unnest(" +
                  catalog::array_literal(names) +
                  "::text[]) n(name) CROSS JOIN LATERAL (SELECT pg_catalog.to_regclass(n.name)::oid AS oid) c "
                  "LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid WHERE c.oid IS NOT NULL");
    std::vector<std::string> oids;
    oids.reserve(rows.size());
    for (auto const& row : rows) {
        oids.push_back(row.at(0).value());
    }
    return oids;
}

} // namespace pgratchet::compile
