// SPDX-License-Identifier: Apache-2.0
#include "bundle/in_words.hpp"

#include "observe/table.hpp"
#include "plan/effect.hpp"

#include <iterator>
#include <map>
#include <set>

namespace pgratchet::bundle {

namespace {

using counts = std::map<std::string, std::size_t>;

std::string plural(std::string const& kind)
{
    return kind.ends_with("y") && kind != "key"         ? kind.substr(0, kind.size() - 1) + "ies"
           : kind.ends_with("x") || kind.ends_with("s") ? kind + "es"
                                                        : kind + "s";
}

std::string counted(counts const& parts)
{
    std::string text;
    for (auto const& [kind, count] : parts) {
        text += (text.empty() ? " with " : ", ") + std::to_string(count) + " " + (count == 1 ? kind : plural(kind));
    }
    return text;
}

/// What differs between two definitions, as far as the schema goes: the names of the attributes.
std::string changed_attributes(catalog::definition const& before, catalog::definition const& after)
{
    std::set<std::string> names;
    for (auto const& [name, text] : before) {
        auto const other = after.find(name);
        if (other == after.end() || other->second != text) {
            names.insert(name);
        }
    }
    for (auto const& [name, text] : after) {
        if (!before.contains(name)) {
            names.insert(name);
        }
    }
    std::string list;
    for (auto const& one : names) {
        list += (list.empty() ? "" : ", ") + one;
    }
    return list;
}

/// A relation's or type's own object within an effect, by identity: those that come, and those that go.
struct roots {
    std::set<std::string> added;
    std::set<std::string> dropped;
};

roots roots_of(plan::effect const& changes, catalog::snapshot const& before)
{
    roots found;
    for (auto const& one : changes) {
        auto const* const old = catalog::find(before, one.id);
        if (old == nullptr && one.after && one.after->root == one.id.identity) {
            found.added.insert(one.id.identity);
        } else if (old != nullptr && !one.after && old->root == one.id.identity) {
            found.dropped.insert(one.id.identity);
        }
    }
    return found;
}

std::vector<std::string> lines_of(plan::effect const& changes, catalog::snapshot const& before)
{
    auto const own = roots_of(changes, before);
    std::map<std::string, counts> parts_added;
    std::map<std::string, counts> parts_dropped;
    std::vector<plan::change const*> rest;
    for (auto const& one : changes) {
        auto const* const old = catalog::find(before, one.id);
        auto const& root = one.after ? one.after->root : old != nullptr ? old->root : one.id.identity;
        bool const is_part = root != one.id.identity;
        if (is_part && old == nullptr && own.added.contains(root)) {
            ++parts_added[root][one.id.kind];
        } else if (is_part && !one.after && own.dropped.contains(root)) {
            ++parts_dropped[root][one.id.kind];
        } else {
            rest.push_back(&one);
        }
    }
    std::vector<std::string> lines;
    for (auto const* const one : rest) {
        auto const* const old = catalog::find(before, one->id);
        auto const name = "the " + one->id.kind + " `" + one->id.identity + "`";
        if (!one->after) {
            lines.push_back("drops " + name + counted(parts_dropped[one->id.identity]));
        } else if (old == nullptr) {
            lines.push_back("adds " + name + counted(parts_added[one->id.identity]));
        } else {
            lines.push_back("changes " + name + ": " + changed_attributes(old->attributes, one->after->attributes));
        }
    }
    return lines;
}

} // namespace

std::vector<std::vector<std::string>> what_migrations_do(plan::plan const& of)
{
    auto at = of.initial;
    std::vector<std::vector<std::string>> all;
    for (auto const& one : of.migrations) {
        all.push_back(lines_of(one.changes, at));
        plan::play(one.changes, at);
    }
    return all;
}

std::vector<std::string> locks_in_words(plan::migration const& one)
{
    if (one.observed.empty()) {
        return {"- locks: none on a relation that is there before"};
    }
    bool const wrapped = one.mode == script::transaction_mode::wrapped;
    std::vector<std::string> lines{std::string{"- locks, "} + (wrapped ? "each until the end of the transaction:"
                                                                       : "each until its statement ends:")};
    for (auto const& statement : one.observed) {
        for (auto const& each : statement.relations) {
            lines.push_back("  - line " + std::to_string(statement.line) + ", " + statement.command + ": " +
                            observe::in_words(each));
        }
    }
    return lines;
}

std::vector<std::string> migration_in_words(plan::migration const& one, std::vector<std::string> const& what_it_does)
{
    bool const wrapped = one.mode == script::transaction_mode::wrapped;
    std::vector<std::string> lines{
        wrapped ? "- runs in one transaction, proven before it is committed"
                : "- runs statement by statement, without a transaction; if it is cut off, apply goes on there"};
    if (one.may_destroy) {
        lines.emplace_back("- **may destroy data**: it drops tables or columns, or changes types");
    }
    if (!one.schema_only) {
        lines.emplace_back("- works on data too");
    }
    if (!one.untraced.empty()) {
        lines.emplace_back("- does something that the schema does not show");
    }
    for (auto const& each : what_it_does) {
        lines.push_back("- " + each);
    }
    if (what_it_does.empty()) {
        lines.emplace_back("- leaves the schema as it is");
    }
    auto locks = locks_in_words(one);
    lines.insert(lines.end(), std::make_move_iterator(locks.begin()), std::make_move_iterator(locks.end()));
    return lines;
}

std::string in_code(std::vector<std::string> const& all)
{
    std::string list;
    for (auto const& one : all) {
        list += (list.empty() ? "`" : ", `") + one + "`";
    }
    return list.empty() ? "none" : list;
}

} // namespace pgratchet::bundle
