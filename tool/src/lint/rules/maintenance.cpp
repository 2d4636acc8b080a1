// SPDX-License-Identifier: Apache-2.0
// Commands that hold a strong lock by their nature, and have a milder form.
#include "lint/deeds.hpp"
#include "lint/rules/rules.hpp"
#include "lint/tree_text.hpp"

#include <algorithm>

namespace pgratchet::lint::rules {

namespace {

/// True if a relation of that name, with or without its schema, was there before the migration. Without a name: all of
/// them are meant.
bool may_have_existed(migration_facts const& migration, nlohmann::json const& range_var)
{
    auto const name = text_field(range_var, "relname");
    auto const schema = text_field(range_var, "schemaname");
    return name.empty() || std::any_of(migration.before.begin(), migration.before.end(), [&](auto const& one) {
               auto const& [kind, identity] = one.first;
               if (kind == "table constraint") { // the index of a key has its name, and its table's schema
                   return bare_name(identity) == name;
               }
               auto const parts = parts_of(identity);
               return (kind == "table" || kind == "materialized view" || kind == "index") && parts.back() == name &&
                      (schema.empty() || parts.front() == schema);
           });
}

bool has_option(nlohmann::json const& options, std::string_view name)
{
    return std::any_of(options.begin(), options.end(), [&](auto const& one) {
        auto const& option = field(one, "DefElem");
        auto const value = text_field(field(field(option, "arg"), "String"), "sval");
        auto const& number = field(field(option, "arg"), "Integer");
        bool const off = value == "false" || value == "off" || (number.is_object() && !number.contains("ival"));
        return text_field(option, "defname") == name && !off;
    });
}

} // namespace

std::vector<finding> vacuum_full(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        bool bad = false;
        if (one.node() == "VacuumStmt" && has_option(list(one.tree(), "options"), "full")) {
            auto const& tables = list(one.tree(), "rels");
            bad = tables.empty() || std::any_of(tables.begin(), tables.end(), [&](auto const& table) {
                      return may_have_existed(migration, field(field(table, "VacuumRelation"), "relation"));
                  });
        } else if (one.node() == "ClusterStmt") {
            bad = may_have_existed(migration, field(one.tree(), "relation"));
        }
        if (bad) {
            found.push_back({one.where(),
                             "the table is written anew under a lock that keeps out readers, too",
                             {},
                             "a plain VACUUM frees the room for new rows; pg_repack gives it back without the lock"});
        }
    }
    return found;
}

std::vector<finding> reindex_not_concurrent(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        if (one.node() == "ReindexStmt" && !has_option(list(one.tree(), "params"), "concurrently") &&
            may_have_existed(migration, field(one.tree(), "relation"))) {
            found.push_back({one.where(),
                             "REINDEX keeps out writers, and readers that would use the index",
                             {},
                             "write REINDEX ... CONCURRENTLY, in a file with -- pgratchet: no-transaction"});
        }
    }
    return found;
}

std::vector<finding> refresh_not_concurrent(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        if (one.node() == "RefreshMatViewStmt" && !true_field(one.tree(), "concurrent") &&
            may_have_existed(migration, field(one.tree(), "relation"))) {
            found.push_back({one.where(),
                             "readers of the materialized view wait until it is filled anew",
                             {},
                             "write REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on it"});
        }
    }
    return found;
}

std::vector<finding> detach_not_concurrent(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        if (one.node() != "AlterTableStmt") {
            continue;
        }
        for (auto const& item : list(one.tree(), "cmds")) {
            auto const& command = field(item, "AlterTableCmd");
            auto const& partition = field(field(command, "def"), "PartitionCmd");
            if (text_field(command, "subtype") == "AT_DetachPartition" && !true_field(partition, "concurrent") &&
                may_have_existed(migration, field(one.tree(), "relation"))) { // goes through the whole catalog: last
                found.push_back({one.where(),
                                 "DETACH PARTITION locks the whole partitioned table, against readers, too",
                                 {},
                                 "from PostgreSQL 14 on write DETACH PARTITION ... CONCURRENTLY, in a file with -- "
                                 "pgratchet: no-transaction"});
            }
        }
    }
    return found;
}

std::vector<finding> lock_table(migration_facts const& migration)
{
    constexpr int exclusive = 7; // PostgreSQL's lockdefs.h: this and ACCESS EXCLUSIVE, 8
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        if (one.node() != "LockStmt") {
            continue;
        }
        auto const& mode = field(one.tree(), "mode");
        auto const& tables = list(one.tree(), "relations");
        bool const existed = std::any_of(tables.begin(), tables.end(), [&](auto const& table) {
            return may_have_existed(migration, field(table, "RangeVar"));
        });
        if (existed && mode.is_number_integer() && mode.get<int>() >= exclusive) {
            found.push_back({one.where(),
                             "nobody can use the table from here to COMMIT, whatever the statements between need",
                             {},
                             "leave the lock to the statements, or take the weakest one that does: SHARE ROW EXCLUSIVE "
                             "keeps out writers alone"});
        }
    }
    return found;
}

} // namespace pgratchet::lint::rules
