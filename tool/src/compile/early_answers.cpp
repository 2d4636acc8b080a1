// SPDX-License-Identifier: Apache-2.0
#include "compile/early_answers.hpp"

#include "database/pipeline.hpp"
#include "execute/probe_answer.hpp"
#include "observe/lock.hpp"
#include "preflight/mentions.hpp"
#include "script/lexer.hpp"
#include "script/migration_set.hpp"
#include "script/spelling.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace pgratchet::compile {

namespace {

constexpr std::string_view beginning = "BEGIN READ ONLY;";

bool is_true(database::rows const& answer)
{
    return execute::probe_answer(answer).value_or(false);
}

/// The tables with rows that this transaction has read, by the locks that it holds.
std::optional<std::string> filled_tables_read(database::session& on)
{
    return on
        .execute("SELECT string_agg(c.oid::pg_catalog.regclass::text, ', ') FROM pg_catalog.pg_locks l "
                 "JOIN pg_catalog.pg_class c ON c.oid = l.relation "
                 "WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND c.relkind = 'r' "
                 "AND c.oid >= 16384 AND pg_catalog.pg_relation_size(c.oid) > 0")
        .at(0)
        .at(0);
}

/// Without rows a probe that asks for the absence of something is true long before its migration. Where the shadow may
/// not empty its tables that counts as true.
bool holds_with_or_without_rows(database::session& on, plan::probe const& probe)
{
    bool is_emptying = false;
    bool holds = false;
    try {
        on.execute("BEGIN");
        holds = is_true(on.execute(probe.sql));
        for (auto filled = filled_tables_read(on); filled && !holds; filled = filled_tables_read(on)) {
            is_emptying = true;
            on.execute("SET LOCAL session_replication_role = replica;TRUNCATE " + *filled +
                       " CASCADE;SET LOCAL session_replication_role = origin");
            is_emptying = false;
            holds = is_true(on.execute(probe.sql));
        }
    } catch (database::sql_error const&) {
        holds = is_emptying; // else what it speaks of is not there yet
    }
    on.execute("ROLLBACK");
    return holds;
}

/// True if a text calls nothing but aggregates and SQL's own constructs, and casts to none of the types that stand for
/// catalog objects: then its answer goes with the relations that it locks.
bool reads_rows_only(std::string_view sql)
{
    static constexpr std::array harmless = std::to_array<std::string_view>(
        {"exists",   "count",  "sum",      "min",     "max",   "avg",    "bool_and", "bool_or", "every",
         "coalesce", "nullif", "in",       "any",     "all",   "some",   "not",      "and",     "or",
         "array",    "values", "select",   "from",    "where", "on",     "as",       "when",    "then",
         "else",     "case",   "row",      "using",   "by",    "having", "filter",   "over",    "union",
         "cast",     "except", "distinct", "between", "like",  "is",     "with",     "join"});
    std::string word;
    script::lexer tokens{sql};
    for (auto one = tokens.next(); one.kind != script::token_kind::end_of_text; one = tokens.next()) {
        if (one.kind == script::token_kind::line_comment || one.kind == script::token_kind::block_comment) {
            continue;
        }
        bool const is_call = one.kind == script::token_kind::open_parenthesis && !word.empty();
        if (is_call && std::ranges::find(harmless, word) == harmless.end()) {
            return false;
        }
        bool const is_name = one.kind == script::token_kind::word || one.kind == script::token_kind::quoted_name;
        word = is_name ? script::in_lower_case(sql.substr(one.begin, one.end - one.begin)) : std::string{};
        if (word.starts_with("reg") || word.starts_with("\"reg") || word.starts_with("current_") || word == "user") {
            return false;
        }
    }
    return true;
}

/// The last name of "s.t" at a place in a text.
std::string name_at(std::string_view text)
{
    script::lexer tokens{text};
    auto last = tokens.next();
    for (auto dot = tokens.next(); text.substr(dot.begin, dot.end - dot.begin) == "."; dot = tokens.next()) {
        last = tokens.next();
    }
    auto const names = preflight::names_in(text.substr(last.begin, last.end - last.begin));
    return names.empty() ? std::string{} : names.back();
}

/// The table, column or schema whose lack is what the server complains of, if it stands in the probe's own text.
std::string lacking(probe_source const& of, database::server_message const& said)
{
    auto const& state = said.sqlstate;
    bool const is_lack = state == "42P01" || state == "42703" || state == "3F000";
    if (!is_lack || said.position <= beginning.size() || !said.context.empty()) {
        return {};
    }
    auto const offset = of.text.offset_of(of.text.body.front(), said.position - beginning.size());
    return name_at(std::string_view{of.text.text}.substr(offset));
}

/// The bare names of the relations that this transaction has read; nothing if there is one of the system's among them,
/// or none at all.
std::set<std::string> relations_read(database::session& on)
{
    std::set<std::string> names;
    // The view pg_locks would find itself.
    for (auto const& row : on.execute("SELECT DISTINCT l.relation >= 16384, l.relation::pg_catalog.regclass FROM "
                                      "pg_catalog.pg_lock_status() l WHERE l.pid = pg_catalog.pg_backend_pid() AND "
                                      "l.locktype = 'relation'")) {
        auto const parts = preflight::names_in(row[1].value());
        if (row[0] != "t" || parts.empty()) {
            return {};
        }
        names.insert(parts.back());
    }
    return names;
}

/// Whether what a migration did to an object can change the answer of a probe that does not name it.
bool is_felt_elsewhere(catalog::object_id const& id)
{
    static constexpr std::array relations_and_parts = std::to_array<std::string_view>(
        {"table", "column", "index", "invalid index", "table constraint", "view", "materialized view", "sequence",
         "trigger", "foreign table", "schema", "default privileges"});
    return std::ranges::find(relations_and_parts, id.kind) == relations_and_parts.end();
}

} // namespace

early_answers::early_answers(std::vector<probe_source>& all)
{
    for (auto& one : all) {
        if (one.entry.denies) {
            m_open.push_back({&one, reads_rows_only(one.entry.sql)});
        }
    }
}

void early_answers::ask(database::session& on, std::string const& version)
{
    std::erase_if(m_open, [&](open_question& one) {
        auto const order = script::compare_versions(one.of->entry.version, version);
        if (order == 0) {
            one.of->entry.denies = !holds_with_or_without_rows(on, one.of->entry);
        }
        return order <= 0;
    });
    ask_again(on);
    for (auto& one : m_open) {
        if (one.is_due) {
            ask(on, one);
        }
    }
    std::erase_if(m_open, [](open_question const& one) { return !one.of->entry.denies; });
}

/// Those that have answered already, without waiting for one answer before the next question. One that fails now stays
/// due.
void early_answers::ask_again(database::session& on)
{
    std::vector<open_question*> asked;
    for (auto& one : m_open) {
        if (one.is_due && !one.about.empty()) {
            asked.push_back(&one);
        }
    }
    if (asked.empty()) {
        return;
    }
    on.execute("SET default_transaction_read_only = on"); // each has a transaction of its own, without BEGIN
    {
        database::pipeline all{on};
        for (auto const* one : asked) {
            all.send(one->of->entry.sql);
            all.end_group();
        }
        for (auto* one : asked) {
            try {
                one->of->entry.denies = !is_true(all.receive());
                one->is_due = false;
            } catch (database::sql_error const&) {
                one->about.clear();
            }
        }
    }
    on.execute("SET default_transaction_read_only = off"); // as a migration finds it
}

void early_answers::ask(database::session& on, open_question& one)
{
    try {
        one.of->entry.denies = !is_true(on.execute(std::string{beginning} + one.of->entry.sql));
        if (one.reads_rows_only && one.about.empty()) {
            one.about = relations_read(on);
        }
    } catch (database::sql_error const& problem) {
        auto name = lacking(*one.of, problem.fields());
        one.about = name.empty() ? std::set<std::string>{} : std::set{std::move(name)};
    }
    on.execute("ROLLBACK");
    one.is_due = one.about.empty();
}

void early_answers::note(plan::migration const& played)
{
    std::set<std::string> changed;
    bool is_felt_everywhere = false;
    for (auto const& one : played.changes) {
        auto const names = preflight::names_in(one.id.identity);
        changed.insert(names.begin(), names.end());
        is_felt_everywhere = is_felt_everywhere || is_felt_elsewhere(one.id);
    }
    std::set<std::string> written;
    auto const by_writers = observe::strength("RowExclusiveLock");
    for (auto const& statement : played.observed) {
        for (auto const& one : statement.relations) {
            auto const strength = observe::strength(one.lock);
            if (strength >= by_writers) { // a stronger one may be for a new partition
                (strength == by_writers ? written : changed).insert(preflight::names_in(one.relation).back());
            }
        }
    }
    for (auto& one : m_open) {
        auto const is_among = [&](std::set<std::string> const& touched) {
            return std::ranges::any_of(one.about, [&](std::string const& name) { return touched.contains(name); });
        };
        if (is_felt_everywhere || is_among(changed)) {
            one.about.clear(); // it may read something else by now
        }
        one.is_due = one.about.empty() || is_among(written);
    }
}

} // namespace pgratchet::compile
