// SPDX-License-Identifier: Apache-2.0
#include "lint/deeds.hpp"

#include "script/lexer.hpp"
#include "script/spelling.hpp"

#include <algorithm>
#include <set>

namespace pgratchet::lint {

namespace {

plan::change const* find_change(plan::effect const& in, catalog::object_id const& id)
{
    auto const place = std::lower_bound(in.begin(), in.end(), id,
                                        [](plan::change const& one, auto const& wanted) { return one.id < wanted; });
    return place != in.end() && place->id == id ? &*place : nullptr;
}

/// Where a statement has a name; npos if it has not.
std::size_t offset_of_name(std::string_view text, std::string_view name)
{
    using script::token_kind;
    script::lexer read{text};
    for (auto token = read.next(); token.kind != token_kind::end_of_text; token = read.next()) {
        auto const part = text.substr(token.begin, token.end - token.begin);
        if ((token.kind == token_kind::word && script::in_lower_case(part) == name) ||
            (token.kind == token_kind::quoted_name && parts_of(part).back() == name)) {
            return token.begin;
        }
    }
    return std::string_view::npos;
}

/// The statement that a change without a known doer is likely from: the first that names most of what its identity
/// names.
statement_facts const* guess(migration_facts const& migration, plan::change const& what)
{
    std::string_view const identity = what.id.identity;
    auto names = parts_of(identity);
    if (auto const on = identity.rfind(" on "); on != std::string_view::npos) {
        names = {bare_name(identity), bare_name(identity.substr(on + std::string_view{" on "}.size()))};
    } else if (names.size() > 1) {
        names.erase(names.begin()); // the schema is mostly left out
    }
    statement_facts const* best = nullptr;
    std::ptrdiff_t most = 0;
    for (auto const& one : migration.statements) {
        auto const& command = one.statement().command;
        bool const fits = what.after ? !command.starts_with("DROP") : !command.starts_with("CREATE");
        if (!one.changes.empty() || !fits) {
            continue;
        }
        auto const named = std::count_if(names.begin(), names.end(), [&](std::string const& name) {
            return offset_of_name(one.text(), name) != std::string_view::npos;
        });
        if (named > most) {
            best = &one;
            most = named;
        }
    }
    return best;
}

} // namespace

bool deed::is_rename() const
{
    return by != nullptr && (by->node() == "RenameStmt" || by->node() == "AlterObjectSchemaStmt");
}

std::vector<deed> deeds_of(migration_facts const& migration)
{
    std::vector<deed> all;
    std::set<catalog::object_id> known;
    for (auto const& one : migration.statements) {
        for (auto const& change : one.changes) {
            all.push_back({&change, &one});
            known.insert(change.id);
        }
    }
    for (auto const& change : migration.changes) {
        if (!known.contains(change.id)) {
            all.push_back({&change, change.after ? nullptr : guess(migration, change)});
        }
    }
    return all;
}

report::location place_of_name(statement_facts const& in, std::string_view name)
{
    auto const offset = offset_of_name(in.text(), name);
    return offset == std::string_view::npos ? in.where() : in.where(offset);
}

report::location place_of(migration_facts const& migration, deed const& one)
{
    auto const* const by = one.by == nullptr && one.what != nullptr ? guess(migration, *one.what) : one.by;
    if (by != nullptr) {
        return place_of_name(*by, bare_name(one.what->id.identity));
    }
    return migration.statements.empty() ? report::location{migration.file.file, 1, 1}
                                        : migration.statements.front().where();
}

deed last_deed(migration_facts const& migration, catalog::object_id const& id)
{
    auto const& all = migration.statements;
    for (auto one = all.rbegin(); one != all.rend(); ++one) {
        if (auto const* const change = find_change(one->changes, id)) {
            return {change, &*one};
        }
    }
    return {find_change(migration.changes, id), nullptr};
}

report::location place_of(migration_facts const& migration, catalog::object_id const& id)
{
    return place_of(migration, last_deed(migration, id));
}

catalog::object const* object_after(migration_facts const& migration, catalog::object_id const& id)
{
    if (auto const* const change = find_change(migration.changes, id)) {
        return change->after ? &*change->after : nullptr;
    }
    return catalog::find(migration.before, id);
}

catalog::object const* object_before(migration_facts const& migration, std::size_t statement,
                                     catalog::object_id const& id)
{
    for (auto i = statement; i > 0; --i) {
        if (auto const* const change = find_change(migration.statements[i - 1].changes, id)) {
            return change->after ? &*change->after : nullptr;
        }
    }
    return catalog::find(migration.before, id);
}

bool was_dropped(migration_facts const& migration, catalog::object_id const& id)
{
    auto const drops = [&](plan::effect const& changes) {
        auto const* const change = find_change(changes, id);
        return change != nullptr && !change->after;
    };
    return migration.existed_before(id) &&
           (drops(migration.changes) || std::any_of(migration.statements.begin(), migration.statements.end(),
                                                    [&](statement_facts const& one) { return drops(one.changes); }));
}

std::string attribute(catalog::object const* of, std::string_view name)
{
    return catalog::attribute_of(of, std::string{name}).value_or("");
}

std::vector<std::string> parts_of(std::string_view identity)
{
    std::vector<std::string> parts{""};
    bool quoted = false;
    for (std::size_t i = 0; i < identity.size(); ++i) {
        char const c = identity[i];
        if (c == '"' && quoted && i + 1 < identity.size() && identity[i + 1] == '"') {
            parts.back() += identity[i++];
        } else if (c == '"') {
            quoted = !quoted;
        } else if (quoted || (c != '.' && c != '(')) {
            parts.back() += c;
        } else if (c == '.') {
            parts.emplace_back();
        } else {
            break;
        }
    }
    return parts;
}

std::string bare_name(std::string_view identity)
{
    // Of "name on schema.table" the name comes first.
    auto const on = identity.find(" on ");
    return parts_of(on == std::string_view::npos || identity.find('(') < on ? identity : identity.substr(0, on)).back();
}

bool is_table(migration_facts const& migration, std::string const& identity)
{
    return object_after(migration, {"table", identity}) != nullptr ||
           object_after(migration, {"foreign table", identity}) != nullptr;
}

bool is_existing_table(migration_facts const& migration, std::string const& identity)
{
    catalog::object_id const id{"table", identity};
    return migration.existed_before(id) && object_after(migration, id) != nullptr && !was_dropped(migration, id);
}

bool is_child(migration_facts const& migration, std::string const& identity)
{
    auto const* const table = object_after(migration, {"table", identity});
    return !attribute(table, "partition of").empty() || !attribute(table, "inherits").empty();
}

} // namespace pgratchet::lint
