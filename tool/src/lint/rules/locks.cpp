// SPDX-License-Identifier: Apache-2.0
// What rests on locks, rewrites and scans that were seen on the shadow.
#include "lint/rules/rules.hpp"
#include "lint/tree_text.hpp"
#include "observe/lock.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>

namespace pgratchet::lint::rules {

namespace {

using observe::observation;

std::string who_waits(std::string const& lock)
{
    return observe::blocked_by(lock) == observe::blocked::reads_and_writes ? "nobody reads or writes it meanwhile"
                                                                           : "nobody writes to it meanwhile";
}

/// A finding for each statement with an observation of which a condition holds.
std::vector<finding> find_where(migration_facts const& migration,
                                std::function<bool(statement_facts const&, observation const&)> const& holds,
                                std::function<finding(statement_facts const&, observation const&)> const& make)
{
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        bool is_first = true;
        for (auto const& each : one.observed) {
            if (!holds(one, each)) {
                continue;
            }
            if (is_first) {
                found.push_back(make(one, each));
            } else {
                found.back().details.push_back("so is " + each.relation);
            }
            is_first = false;
        }
    }
    return found;
}

/// These have warnings of their own: vacuum-full, refresh-not-concurrent, reindex-not-concurrent, domain-constraint.
bool is_told_elsewhere(statement_facts const& one)
{
    constexpr auto nodes = std::to_array<std::string_view>(
        {"AlterDomainStmt", "ClusterStmt", "RefreshMatViewStmt", "ReindexStmt", "VacuumStmt"});
    return std::find(nodes.begin(), nodes.end(), one.node()) != nodes.end();
}

bool is_rewritten_under_lock(observation const& one)
{
    return one.rewritten && observe::is_strong(one.lock);
}

bool has_alter_command(statement_facts const& one, std::string_view subtype)
{
    if (one.node() != "AlterTableStmt") {
        return false;
    }
    auto const& commands = list(one.tree(), "cmds");
    return std::any_of(commands.begin(), commands.end(), [&](auto const& each) {
        return text_field(field(each, "AlterTableCmd"), "subtype") == subtype;
    });
}

std::string way_around_scan(statement_facts const& one)
{
    if (one.node() == "CreateStmt") {
        return "add a CHECK to the default partition, NOT VALID, that excludes the rows of the new one, and validate "
               "it in the next file: after that the server need not look";
    }
    if (has_alter_command(one, "AT_AttachPartition")) {
        return "add a CHECK beforehand, NOT VALID, of its bounds to the partition or of their opposite to the default "
               "partition, and validate it in the next file: what it proves the server need not read";
    }
    return has_alter_command(one, "AT_SetNotNull")
               ? "add CHECK (column IS NOT NULL) NOT VALID, validate it in the next file, and SET NOT NULL after that: "
                 "the check proves it without a scan"
               : "add the constraint NOT VALID, and write ALTER TABLE ... VALIDATE CONSTRAINT into the next file";
}

/// UPDATE, DELETE and INSERT ... SELECT on what was there before, a view that is filled anew, and a validation.
bool works_long(statement_facts const& one)
{
    if (one.observed.empty()) {
        return false;
    }
    if (one.node() == "InsertStmt") {
        return !list(field(field(one.tree(), "selectStmt"), "SelectStmt"), "fromClause").empty();
    }
    return one.node() == "UpdateStmt" || one.node() == "DeleteStmt" || one.node() == "MergeStmt" ||
           std::any_of(one.observed.begin(), one.observed.end(),
                       [](observation const& each) { return each.scanned && !observe::is_strong(each.lock); });
}

/// Calls for each statement of a transaction with the relations that earlier ones have locked strongly.
void go_with_locks(migration_facts const& migration,
                   std::function<void(statement_facts const&, std::map<std::string, std::string> const&)> const& look)
{
    if (migration.file.mode == script::transaction_mode::none) {
        return; // no lock outlives its statement
    }
    std::map<std::string, std::string> held;
    for (auto const& one : migration.statements) {
        look(one, held);
        for (auto const& each : one.observed) {
            if (observe::is_strong(each.lock) &&
                observe::strength(each.lock) > observe::strength(held[each.relation])) {
                held[each.relation] = each.lock;
            }
        }
        std::erase_if(held, [](auto const& known) { return known.second.empty(); });
    }
}

std::string first_of(std::map<std::string, std::string> const& held)
{
    return held.begin()->first + " (" + observe::manual_name(held.begin()->second) + ")";
}

} // namespace

std::vector<finding> table_rewrite(migration_facts const& migration)
{
    return find_where(
        migration,
        [](statement_facts const& one, observation const& each) {
            return is_rewritten_under_lock(each) && !is_told_elsewhere(one);
        },
        [](statement_facts const& one, observation const& each) {
            return finding{one.where(),
                           each.relation + " is rewritten under " + observe::manual_name(each.lock) + ": " +
                               who_waits(each.lock),
                           {"with its indexes, for as long as that takes at its size; a replica gets all of it, too"},
                           "add a new column, fill it in batches, and change over in a later file"};
        });
}

std::vector<finding> validation_scan(migration_facts const& migration)
{
    return find_where(
        migration,
        [](statement_facts const& one, observation const& each) {
            return each.scanned && !each.index_built && !each.rewritten && observe::is_strong(each.lock) &&
                   !is_told_elsewhere(one);
        },
        [](statement_facts const& one, observation const& each) {
            return finding{one.where(),
                           each.relation + " is read in full under " + observe::manual_name(each.lock) + ": " +
                               who_waits(each.lock),
                           {},
                           way_around_scan(one)};
        });
}

std::vector<finding> index_not_concurrent(migration_facts const& migration)
{
    auto found = find_where(
        migration,
        [](statement_facts const& one, observation const& each) {
            return each.index_built && observe::is_strong(each.lock) && !is_told_elsewhere(one);
        },
        [](statement_facts const& one, observation const& each) {
            return finding{
                one.where(),
                "an index of " + each.relation + " is built under " + observe::manual_name(each.lock) + ": " +
                    who_waits(each.lock),
                {},
                one.node() == "IndexStmt"
                    ? "write CREATE INDEX CONCURRENTLY in a file of its own with -- pgratchet: no-transaction"
                    : "make the unique index with CREATE INDEX CONCURRENTLY in an earlier file without a "
                      "transaction, and add the constraint USING INDEX"};
        });
    for (auto const& one : migration.statements) {
        for (auto const& change : one.changes) {
            bool const is_drop = one.node() == "DropStmt" && change.id.kind == "index" && !change.after;
            auto const* const index = is_drop ? catalog::find(migration.before, change.id) : nullptr;
            if (index != nullptr &&
                std::any_of(one.observed.begin(), one.observed.end(),
                            [&](observation const& each) {
                                return each.relation == index->root && observe::is_strong(each.lock);
                            }) &&
                one.statement().command == "DROP INDEX") {
                found.push_back(
                    {one.where(),
                     "the index " + change.id.identity + " is dropped under a lock on " + index->root +
                         " that waits for every reader and then keeps all others waiting",
                     {},
                     "write DROP INDEX CONCURRENTLY in a file of its own with -- pgratchet: no-transaction"});
            }
        }
    }
    return found;
}

std::vector<finding> second_strong_lock(migration_facts const& migration)
{
    std::vector<finding> found;
    go_with_locks(migration, [&](statement_facts const& one, std::map<std::string, std::string> const& held) {
        for (auto const& each : one.observed) {
            // A sequence goes with its table, and is there to be altered along with it.
            bool const is_sequence = catalog::find(migration.before, {"sequence", each.relation}) != nullptr;
            if (observe::is_strong(each.lock) && !is_sequence && !held.empty() && !held.contains(each.relation)) {
                found.push_back({one.where(),
                                 "this waits for " + each.relation + " while the transaction holds " + first_of(held),
                                 {"whoever uses the first waits as well, and who locks both the other way round makes "
                                  "a deadlock"},
                                 "give each table a file of its own"});
                return;
            }
        }
    });
    return found;
}

std::vector<finding> work_under_lock(migration_facts const& migration)
{
    std::vector<finding> found;
    go_with_locks(migration, [&](statement_facts const& one, std::map<std::string, std::string> const& held) {
        if (!held.empty() && works_long(one) && !is_told_elsewhere(one)) {
            found.push_back({one.where(),
                             "this works for as long as there are rows, and the transaction still holds " +
                                 first_of(held) + ": " + who_waits(held.begin()->second),
                             {},
                             "put it into the next file: each file is a transaction of its own"});
        }
    });
    return found;
}

} // namespace pgratchet::lint::rules
