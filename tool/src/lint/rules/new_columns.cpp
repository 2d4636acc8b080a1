// SPDX-License-Identifier: Apache-2.0
// Columns that are added to tables with rows in them.
#include "lint/deeds.hpp"
#include "lint/rules/rules.hpp"

#include <algorithm>
#include <array>
#include <regex>
#include <string_view>

namespace pgratchet::lint::rules {

namespace {

/// The columns that the file adds to tables which were there before, as they are when they are added.
std::vector<deed> added_columns(migration_facts const& migration)
{
    auto all = deeds_of(migration);
    std::erase_if(all, [&](deed const& one) {
        auto const& what = *one.what;
        return what.id.kind != "column" || !what.after || one.is_rename() || migration.existed_before(what.id) ||
               !is_existing_table(migration, what.after->root) || is_child(migration, what.after->root);
    });
    // A later statement may change a new column again: only the first deed adds it.
    std::vector<deed> first;
    for (auto const& one : all) {
        bool const is_new =
            std::none_of(first.begin(), first.end(), [&](deed const& known) { return known.what->id == one.what->id; });
        if (is_new) {
            first.push_back(one);
        }
    }
    return first;
}

/// PostgreSQL's own volatile functions that defaults are made of, and those of uuid-ossp and pgcrypto.
bool is_known_volatile(std::string const& name)
{
    constexpr std::array known{
        "clock_timestamp", "gen_random_bytes", "gen_random_uuid",    "nextval",          "random", "random_normal",
        "timeofday",       "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "uuidv4", "uuidv7"};
    return std::find(known.begin(), known.end(), name) != known.end();
}

/// A function of the database's own whose declaration says neither STABLE nor IMMUTABLE.
bool is_declared_volatile(migration_facts const& migration, std::string const& qualified)
{
    auto const is_it = [&](catalog::object_id const& id, catalog::object const* what) {
        return id.kind == "function" && id.identity.starts_with(qualified + "(") && what != nullptr &&
               attribute(what, "volatility").empty();
    };
    return std::any_of(migration.before.begin(), migration.before.end(),
                       [&](auto const& one) { return is_it(one.first, &one.second); }) ||
           std::any_of(migration.changes.begin(), migration.changes.end(),
                       [&](auto const& one) { return is_it(one.id, one.after ? &*one.after : nullptr); });
}

/// The first volatile function that an expression, as the server prints it, calls; empty if it calls none.
std::string volatile_function(migration_facts const& migration, std::string const& expression)
{
    static std::regex const call{
        R"re(((?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)(?:\.(?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*))?)\()re"};
    for (std::sregex_iterator one{expression.begin(), expression.end(), call}; one != std::sregex_iterator{}; ++one) {
        auto name = (*one)[1].str();
        if (is_known_volatile(bare_name(name)) || is_declared_volatile(migration, name)) {
            return name;
        }
    }
    return "";
}

} // namespace

std::vector<finding> volatile_default(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : added_columns(migration)) {
        auto const* const column = &*one.what->after;
        bool const counts = !attribute(column, "identity").empty();
        auto const function = counts ? "nextval" : volatile_function(migration, attribute(column, "default"));
        if (!function.empty()) {
            found.push_back({place_of(migration, one),
                             "every row of " + column->root + " gets a value of its own from " + function +
                                 "() at once: the table is rewritten, and nobody can use it meanwhile",
                             {},
                             "add the column without a default, set the default by a second statement, and fill the "
                             "old rows in small steps"});
        }
    }
    return found;
}

std::vector<finding> required_column(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : added_columns(migration)) {
        auto const* const column = &*one.what->after;
        bool const filled =
            !(attribute(column, "default") + attribute(column, "identity") + attribute(column, "generated")).empty();
        if (!filled && !attribute(column, "not null").empty()) {
            found.push_back(
                {place_of(migration, one),
                 "the column " + one.what->id.identity +
                     " must not be null and has no default: this fails as soon as the table has a row",
                 {},
                 "give it a default; or add it without NOT NULL, fill it, and set NOT NULL in a later file"});
        }
    }
    return found;
}

} // namespace pgratchet::lint::rules
