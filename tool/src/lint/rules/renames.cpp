// SPDX-License-Identifier: Apache-2.0
// Names that a release which still runs looks for in vain.
#include "lint/deeds.hpp"
#include "lint/rules/rules.hpp"
#include "lint/tree_text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pgratchet::lint::rules {

namespace {

constexpr std::array relations{"table", "foreign table", "view", "materialized view"};
constexpr std::array others{"schema", "type", "function", "procedure", "aggregate", "sequence"};

template <std::size_t N>
bool is_one_of(std::array<char const*, N> const& kinds, std::string_view kind)
{
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

/// True if the statement takes the old name from an object of one of the kinds that was there before.
template <class Predicate>
bool renames(migration_facts const& migration, statement_facts const& by, Predicate is_of_kind)
{
    auto const& changes = by.changes.empty() ? migration.changes : by.changes;
    return std::any_of(changes.begin(), changes.end(), [&](plan::change const& each) {
        return !each.after && is_of_kind(each.id.kind) && migration.existed_before(each.id);
    });
}

/// The deeds that rename objects which were there before, of the kinds asked for.
template <class Predicate>
std::vector<deed> renamed(migration_facts const& migration, Predicate is_of_kind)
{
    auto all = deeds_of(migration);
    std::erase_if(all, [&](deed const& one) {
        return !one.drops() || !one.is_rename() || !is_of_kind(one.what->id.kind) ||
               !migration.existed_before(one.what->id);
    });
    return all;
}

finding about(migration_facts const& migration, deed const& one, std::string hint)
{
    return {place_of(migration, one),
            "the " + one.what->id.kind + " " + one.what->id.identity +
                " gets another name: a running release still uses this one",
            {},
            std::move(hint)};
}

} // namespace

std::vector<finding> column_renamed(migration_facts const& migration)
{
    std::vector<finding> found;
    auto const is_whole = [](auto const& kind) {
        return kind == "type" || is_one_of(relations, kind);
    };
    for (auto const& one : renamed(migration, [](auto const& kind) { return kind == "column"; })) {
        bool const whole_relation = renames(migration, *one.by, is_whole);
        auto const* const was = catalog::find(migration.before, one.what->id);
        if (!whole_relation && !is_child(migration, was->root)) {
            found.push_back(
                about(migration, one, "add a second column, keep both alike for a while, and drop the old one later"));
        }
    }
    return found;
}

std::vector<finding> table_renamed(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : renamed(migration, [](auto const& kind) { return is_one_of(relations, kind); })) {
        if (!renames(migration, *one.by, [](auto const& kind) { return kind == "schema"; })) {
            found.push_back(
                about(migration, one, "leave a view of the old name behind, in the same file, and allow this"));
        }
    }
    return found;
}

std::vector<finding> object_renamed(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : renamed(migration, [](auto const& kind) { return is_one_of(others, kind); })) {
        bool const with_schema = one.what->id.kind != "schema" &&
                                 renames(migration, *one.by, [](auto const& kind) { return kind == "schema"; });
        bool const with_table = one.what->id.kind != "schema" && renames(migration, *one.by, [](auto const& kind) {
                                    return is_one_of(relations, kind);
                                });
        if (!with_schema && !with_table) {
            found.push_back(about(migration, one, "make a second one of the new name, and drop the old one later"));
        }
    }
    for (auto const& one : migration.statements) {
        if (one.node() != "AlterEnumStmt" || text_field(one.tree(), "oldVal").empty()) {
            continue;
        }
        auto const type =
            std::find_if(migration.changes.begin(), migration.changes.end(), [&](plan::change const& each) {
                return each.id.kind == "type" && migration.existed_before(each.id) &&
                       bare_name(each.id.identity) == last_name(list(one.tree(), "typeName"));
            });
        if (type != migration.changes.end()) {
            found.push_back({one.where(),
                             "the value '" + text_field(one.tree(), "oldVal") + "' of " + type->id.identity +
                                 " gets another name: a running release still uses this one",
                             {},
                             "add a second value, and let the application use it before the old one is given up"});
        }
    }
    return found;
}

} // namespace pgratchet::lint::rules
