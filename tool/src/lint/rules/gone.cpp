// SPDX-License-Identifier: Apache-2.0
// What a release that still runs may miss, by what became of the objects, however a file did it.
#include "lint/deeds.hpp"
#include "lint/rules/rules.hpp"
#include "lint/tree_text.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace pgratchet::lint::rules {

namespace {

constexpr auto after_the_release = "drop it once no running release uses it, and say so: -- pgratchet: allow ";

/// True if the same statement takes the whole away that the object hangs on.
bool goes_with_its_root(deed const& one, std::string const& root)
{
    return one.by != nullptr &&
           std::any_of(one.by->changes.begin(), one.by->changes.end(), [&](plan::change const& other) {
               return !other.after && other.id.identity == root && other.id.kind != "column";
           });
}

/// A drop of something that was there before, and is not only renamed; null for any other deed.
catalog::object const* dropped(migration_facts const& migration, deed const& one)
{
    return one.drops() && !one.is_rename() ? catalog::find(migration.before, one.what->id) : nullptr;
}

bool is_view(migration_facts const& migration, std::string const& identity)
{
    return object_after(migration, {"view", identity}) != nullptr ||
           object_after(migration, {"materialized view", identity}) != nullptr;
}

} // namespace

std::vector<finding> column_dropped(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : deeds_of(migration)) {
        auto const* const was = one.what->id.kind == "column" ? dropped(migration, one) : nullptr;
        if (was == nullptr || is_child(migration, was->root)) {
            continue;
        }
        bool const of_table = is_table(migration, was->root) && !goes_with_its_root(one, was->root);
        bool const of_view = is_view(migration, was->root) && object_after(migration, one.what->id) == nullptr;
        if (of_table || of_view) {
            found.push_back({place_of(migration, one),
                             "the column " + one.what->id.identity + " is dropped" +
                                 (of_table ? ", with all that is in it" : "") + ": a running release may still name it",
                             {},
                             std::string{after_the_release} + "column-dropped: REASON"});
        }
    }
    return found;
}

std::vector<finding> table_dropped(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : deeds_of(migration)) {
        bool const is_a_table = one.what->id.kind == "table" || one.what->id.kind == "foreign table";
        if (is_a_table && dropped(migration, one) != nullptr) {
            found.push_back({place_of(migration, one),
                             "the table " + one.what->id.identity +
                                 " is dropped, with all that is in it: a running release may still name it",
                             {},
                             std::string{after_the_release} + "table-dropped: REASON"});
        }
    }
    return found;
}

std::vector<finding> object_dropped(migration_facts const& migration)
{
    constexpr std::array kinds{"view",   "materialized view", "function", "procedure", "aggregate", "sequence", "type",
                               "schema", "extension"};
    std::vector<finding> found;
    std::set<statement_facts const*> with_schema;
    for (auto const& one : deeds_of(migration)) {
        auto const& id = one.what->id;
        auto const* const was =
            std::find(kinds.begin(), kinds.end(), id.kind) == kinds.end() ? nullptr : dropped(migration, one);
        // A sequence that a column owns goes with the column.
        bool const owned = id.kind == "sequence" && !attribute(was, "owned by").empty();
        if (was != nullptr && !owned && object_after(migration, id) == nullptr) {
            found.push_back({place_of(migration, one),
                             "the " + id.kind + " " + id.identity + " is dropped: a running release may still use it",
                             {},
                             std::string{after_the_release} + "object-dropped: REASON"});
        }
    }
    return found;
}

std::vector<finding> drop_cascade(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        if (one.node() != "DropStmt" && one.node() != "AlterTableStmt" && one.node() != "DropOwnedStmt") {
            continue;
        }
        auto const& tree = one.tree();
        auto const& commands = list(tree, "cmds");
        bool const cascades = text_field(tree, "behavior") == "DROP_CASCADE" ||
                              std::any_of(commands.begin(), commands.end(), [](auto const& command) {
                                  return text_field(field(command, "AlterTableCmd"), "behavior") == "DROP_CASCADE";
                              });
        bool const existed =
            one.changes.empty() || std::any_of(one.changes.begin(), one.changes.end(), [&](plan::change const& each) {
                return !each.after && migration.existed_before(each.id);
            });
        if (cascades && existed) {
            found.push_back({one.where(),
                             "CASCADE drops all that depends on this, whether or not the file names it",
                             {},
                             "drop what depends on it by name, and leave CASCADE out"});
        }
    }
    return found;
}

std::vector<finding> default_dropped(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& change : migration.changes) {
        auto const* const was = catalog::find(migration.before, change.id);
        if (change.id.kind != "column" || !change.after || was == nullptr || was_dropped(migration, change.id) ||
            !is_existing_table(migration, was->root)) {
            continue;
        }
        auto const* const is = &*change.after;
        auto const had = attribute(was, "default") + attribute(was, "identity");
        auto const has = attribute(is, "default") + attribute(is, "identity") + attribute(is, "generated");
        if (!had.empty() && has.empty() && !attribute(is, "not null").empty()) {
            found.push_back({place_of(migration, change.id),
                             "the column " + change.id.identity +
                                 " loses its default and must not be null: a running release that leaves it out fails",
                             {},
                             "drop the default once every running release gives a value"});
        }
    }
    return found;
}

} // namespace pgratchet::lint::rules
