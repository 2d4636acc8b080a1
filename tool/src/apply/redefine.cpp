// SPDX-License-Identifier: Apache-2.0
#include "apply/redefine.hpp"

#include "catalog/canonical.hpp"
#include "catalog/query.hpp"

#include <optional>
#include <string>

namespace pgratchet::apply {

namespace {

constexpr auto scratch = "pgratchet_scratch";

/// Statements that define a text in a scratch object, the last a SELECT of what the server makes of it.
using definition_script = std::optional<std::string>;

std::string read_view()
{
    return std::string{"SELECT pg_catalog.pg_get_viewdef('pg_temp."} + scratch + "'::regclass)";
}

std::string without_semicolon(std::string text)
{
    while (!text.empty() && (text.back() == ';' || text.back() == '\n' || text.back() == ' ')) {
        text.pop_back();
    }
    return text;
}

/// A view whose one column is the expression, over the relation that it speaks of.
std::string expression_view(std::string const& expression, std::string const& relation)
{
    return std::string{"CREATE TEMP VIEW "} + scratch + " AS SELECT (" + expression + ") AS value FROM " +
           catalog::quoted(relation) + ";" + read_view();
}

definition_script constraint_script(catalog::object const& of, std::string const& text)
{
    constexpr std::string_view start = "CHECK (";
    auto const end = text.rfind(')');
    if (!text.starts_with(start) || end == std::string::npos || of.id.kind != "table constraint") {
        return std::nullopt;
    }
    // What follows the expression (NO INHERIT) has to be equal too: it becomes part of the answer.
    auto const expression = text.substr(start.size(), end - start.size());
    auto const tail = text.substr(end + 1);
    return std::string{"CREATE TEMP VIEW "} + scratch + " AS SELECT (" + expression + ") AS value FROM " +
           catalog::quoted(of.root) + ";SELECT pg_catalog.pg_get_viewdef('pg_temp." + scratch +
           "'::regclass) || $tail$" + tail + "$tail$";
}

definition_script index_script(catalog::object const& of, std::string const& text)
{
    // CREATE [UNIQUE] INDEX name ON [ONLY] table USING method ...
    auto const on = text.find(" ON ");
    auto const using_method = text.find(" USING ", on);
    if (on == std::string::npos || using_method == std::string::npos) {
        return std::nullopt;
    }
    bool const unique = text.starts_with("CREATE UNIQUE");
    return std::string{"CREATE TEMP TABLE "} + scratch + " (LIKE " + catalog::quoted(of.root) + ");CREATE " +
           (unique ? "UNIQUE " : "") + "INDEX pgratchet_scratch_index ON pg_temp." + scratch +
           text.substr(using_method) +
           ";SELECT pg_catalog.pg_get_indexdef('pg_temp.pgratchet_scratch_index'::regclass)";
}

definition_script script_for(catalog::object const& of, std::string const& attribute, std::string const& text)
{
    auto const& kind = of.id.kind;
    if ((kind == "view" || kind == "materialized view") && attribute == "definition") {
        return std::string{"CREATE TEMP VIEW "} + scratch + " AS " + without_semicolon(text) + ";" + read_view();
    }
    if ((kind == "column" && (attribute == "default" || attribute == "generated")) ||
        (kind == "policy" && (attribute == "using" || attribute == "check"))) {
        return expression_view(text, of.root);
    }
    if (kind == "table constraint" && attribute == "definition") {
        return constraint_script(of, text);
    }
    if (kind == "index" && attribute == "definition") {
        return index_script(of, text);
    }
    return std::nullopt;
}

std::optional<std::string> as_the_server_reads(database::session& on, definition_script const& script)
{
    if (!script) {
        return std::nullopt;
    }
    bool const nested = on.status() == database::transaction_status::in_transaction;
    std::optional<std::string> text;
    try {
        auto const rows = on.execute((nested ? "SAVEPOINT pgratchet_redefine;" : "BEGIN;") +
                                     catalog::pinned_settings() + ";" + *script);
        text = rows.at(0).at(0);
    } catch (database::sql_error const&) {
        // This server does not take the text, or the role may not define it: nothing is proven.
        text.reset();
    }
    on.execute(nested ? "ROLLBACK TO SAVEPOINT pgratchet_redefine;RELEASE SAVEPOINT pgratchet_redefine" : "ROLLBACK");
    return text;
}

} // namespace

catalog::proven_equal redefine(database::session& on, catalog::object const& expected,
                               std::vector<catalog::attribute_difference> const& differences)
{
    catalog::proven_equal proven;
    for (auto const& one : differences) {
        if (!one.expected || !one.actual) {
            continue;
        }
        auto const a = as_the_server_reads(on, script_for(expected, one.attribute, *one.expected));
        auto const b = a ? as_the_server_reads(on, script_for(expected, one.attribute, *one.actual)) : std::nullopt;
        if (a && b && (*a == *b || catalog::same_meaning({"view", expected.id.identity}, "definition", *a, *b))) {
            proven.emplace(expected.id, one.attribute, *one.expected, *one.actual);
        }
    }
    return proven;
}

} // namespace pgratchet::apply
