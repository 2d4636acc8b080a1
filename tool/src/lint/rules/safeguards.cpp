// SPDX-License-Identifier: Apache-2.0
// Safeguards of existing tables that a file leaves weaker than it found them.
#include "lint/deeds.hpp"
#include "lint/rules/rules.hpp"
#include "lint/tree_text.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

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

/// A domain, and those that are made of it.
std::set<std::string> with_derived_domains(migration_facts const& migration, std::string const& domain)
{
    std::set<std::string> found{domain};
    for (std::size_t known = 0; known < found.size();) {
        known = found.size();
        for (auto const& [id, one] : migration.before) {
            if (id.kind == "type" && found.contains(attribute(&one, "base type"))) {
                found.insert(id.identity);
            }
        }
    }
    return found;
}

/// True if tables had columns of that domain before the migration. (Of a domain that arrays or composite types are made
/// of the server refuses the command.)
bool has_columns(migration_facts const& migration, std::string const& domain)
{
    auto const domains = with_derived_domains(migration, domain);
    return std::any_of(migration.before.begin(), migration.before.end(), [&](auto const& one) {
        return one.first.kind == "column" && domains.contains(attribute(&one.second, "type"));
    });
}

/// What a change demands of all values of a domain that there are: nothing if it demands nothing new.
std::optional<std::string> demands_anew(migration_facts const& migration, plan::change const& change)
{
    if (!change.after) {
        return std::nullopt;
    }
    if (change.id.kind == "type") {
        auto const* const was = migration.was(change.id);
        bool const forbids_null =
            was != nullptr && attribute(was, "not null").empty() && !attribute(&*change.after, "not null").empty();
        return forbids_null ? std::optional{change.id.identity} : std::nullopt;
    }
    bool const is_new = change.id.kind == "domain constraint" && migration.was(change.id) == nullptr &&
                        attribute(&*change.after, "validated").empty();
    return is_new ? std::optional{change.after->root} : std::nullopt;
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
        bool const is_new = attribute(migration.was(change.id), "persistence").empty();
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
        auto const domain = demands_anew(migration, change);
        if (domain && has_columns(migration, *domain)) {
            found.push_back(
                {place_of(migration, change.id),
                 "every table with a column of the domain " + *domain + " is locked against writers and read in full",
                 {},
                 change.id.kind == "type"
                     ? "add CHECK (VALUE IS NOT NULL) NOT VALID in its place, and write ALTER DOMAIN ... "
                       "VALIDATE CONSTRAINT into a later file"
                     : "add it NOT VALID, and write ALTER DOMAIN ... VALIDATE CONSTRAINT into a later file"});
        }
    }
    return found;
}

} // namespace pgratchet::lint::rules
