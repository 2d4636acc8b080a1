// SPDX-License-Identifier: Apache-2.0
// Safeguards of existing tables that a file leaves weaker than it found them.
#include "lint/deeds.hpp"
#include "lint/rules/rules.hpp"
#include "lint/tree_text.hpp"

#include <algorithm>
#include <map>

namespace pgratchet::lint::rules {

namespace {

/// Tables that the statements leave with all their triggers off, those of foreign keys included: by the name that the
/// file gives them, with the statement.
std::map<std::string, statement_facts const*> all_triggers_off(migration_facts const& migration)
{
    std::map<std::string, statement_facts const*> off;
    for (auto const& one : migration.statements) {
        if (one.node() != "AlterTableStmt") {
            continue;
        }
        for (auto const& item : list(one.tree(), "cmds")) {
            auto const kind = text_field(field(item, "AlterTableCmd"), "subtype");
            auto const table = relation_name(field(one.tree(), "relation"));
            if (kind == "AT_DisableTrigAll") {
                off.try_emplace(table, &one);
            } else if (kind == "AT_EnableTrigAll") {
                off.erase(table);
            }
        }
    }
    return off;
}

bool names_existing_table(migration_facts const& migration, std::string const& name)
{
    auto const wanted = parts_of(name);
    return std::any_of(migration.before.begin(), migration.before.end(), [&](auto const& one) {
        auto const parts = parts_of(one.first.identity);
        return one.first.kind == "table" && parts.back() == wanted.back() &&
               (wanted.size() == 1 || parts.front() == wanted.front());
    });
}

/// True if tables had columns of that domain before the migration. (Of a domain that arrays or composite types are made
/// of the server refuses the command.)
bool has_columns(migration_facts const& migration, std::string const& domain)
{
    return std::any_of(migration.before.begin(), migration.before.end(), [&](auto const& one) {
        return one.first.kind == "column" && attribute(&one.second, "type") == domain;
    });
}

constexpr auto turn_on_again = "enable it again in the same file";

} // namespace

std::vector<finding> trigger_disabled(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& change : migration.changes) {
        auto const* const was = catalog::find(migration.before, change.id);
        if (change.id.kind == "trigger" && change.after && was != nullptr && attribute(was, "enabled") != "no" &&
            attribute(&*change.after, "enabled") == "no") {
            found.push_back({place_of(migration, change.id),
                             "the trigger " + change.id.identity + " stays disabled: what it keeps up is not kept up",
                             {},
                             turn_on_again});
        }
    }
    for (auto const& off : all_triggers_off(migration)) {
        auto const& table = off.first;
        auto const* const statement = off.second;
        bool const said = std::any_of(found.begin(), found.end(),
                                      [&](finding const& one) { return one.where.line == statement->where().line; });
        if (!said && names_existing_table(migration, table)) {
            found.push_back({statement->where(),
                             "all triggers of " + table + " stay disabled, those that check foreign keys included",
                             {},
                             turn_on_again});
        }
    }
    return found;
}

std::vector<finding> row_security_off(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& change : migration.changes) {
        auto const was = attribute(catalog::find(migration.before, change.id), "row security");
        if (change.id.kind != "table" || !change.after || was.empty() || was == "forced, disabled") {
            continue;
        }
        auto const is = attribute(&*change.after, "row security");
        if (is.empty() || is == "forced, disabled") {
            found.push_back({place_of(migration, change.id),
                             "row security of " + change.id.identity +
                                 " is off from here on: whoever may read the table reads every row",
                             {},
                             "write a policy that lets through what is needed"});
        }
    }
    return found;
}

std::vector<finding> unlogged_table(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& change : migration.changes) {
        bool const is_new = attribute(catalog::find(migration.before, change.id), "persistence").empty();
        if (change.id.kind == "table" && change.after && is_new &&
            attribute(&*change.after, "persistence") == "unlogged") {
            found.push_back({place_of(migration, change.id),
                             "the table " + change.id.identity +
                                 " is unlogged: a crash empties it, and no standby or physical backup has its rows",
                             {},
                             "leave UNLOGGED out, unless the rows can be made again"});
        }
    }
    return found;
}

std::vector<finding> domain_constraint(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& change : migration.changes) {
        if (change.id.kind == "domain constraint" && change.after && !migration.existed_before(change.id) &&
            attribute(&*change.after, "validated").empty() && has_columns(migration, change.after->root)) {
            found.push_back({place_of(migration, change.id),
                             "every table with a column of the domain " + change.after->root +
                                 " is locked against writers and read in full",
                             {},
                             "add it NOT VALID, and write ALTER DOMAIN ... VALIDATE CONSTRAINT into a later file"});
        }
    }
    return found;
}

} // namespace pgratchet::lint::rules
