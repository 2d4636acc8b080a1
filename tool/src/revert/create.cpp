// SPDX-License-Identifier: Apache-2.0
#include "catalog/identity.hpp"
#include "revert/ddl.hpp"

#include <algorithm>
#include <array>

namespace pgratchet::revert {

namespace {

std::string without_semicolon(std::string text)
{
    while (text.ends_with(';') || text.ends_with(' ') || text.ends_with('\n')) {
        text.pop_back();
    }
    return text;
}

std::string view(catalog::object const& of, sql_names const& names)
{
    auto const options = attribute(of, "options");
    auto const is_view = of.id.kind == "view";
    return (is_view ? "CREATE VIEW " : "CREATE MATERIALIZED VIEW ") + names.of(of.id) +
           (options.empty() ? "" : " WITH (" + options + ")") + " AS\n" +
           without_semicolon(attribute(of, "definition"));
}

std::string constraint(catalog::object const& of, sql_names const& names)
{
    auto const [name, root] = name_and_root(of.id.identity);
    auto const* const owner = of.id.kind == "domain constraint" ? "ALTER DOMAIN "
                              : of.attributes.contains("valid") ? "ALTER TABLE ONLY "
                                                                : "ALTER TABLE ";
    return owner + names.qualified(root) + " ADD CONSTRAINT " + names.name(name) + " " + attribute(of, "definition") +
           (attribute(of, "validated") == "no" ? " NOT VALID" : "");
}

constexpr std::string_view on_only = " ON ONLY ";

/// Where an index's definition says ONLY: the server's does so of each on a partitioned table.
std::optional<std::size_t> place_of_only(std::string_view definition)
{
    bool is_quoted = false; // as the index's name may be
    for (std::size_t i = 0; i < definition.size(); ++i) {
        is_quoted = is_quoted != (definition[i] == '"');
        if (!is_quoted && definition.substr(i).starts_with(on_only)) {
            return i;
        }
    }
    return std::nullopt;
}

/// With ONLY an index is valid just where there are no partitions. One that is valid is made with those of the
/// partitions.
std::string index(catalog::object const& of)
{
    auto text = attribute(of, "definition");
    auto const place = place_of_only(text);
    return place && !of.attributes.contains("valid") ? text.replace(*place, on_only.size(), " ON ") : text;
}

std::string policy(catalog::object const& of, sql_names const& names)
{
    std::string roles;
    for (auto const& one : catalog::parts_of(attribute(of, "roles"), ',')) {
        roles += (roles.empty() ? "" : ", ") + names.role(one);
    }
    auto const using_ = attribute(of, "using");
    auto const check = attribute(of, "check");
    return "CREATE POLICY " + names.of(of.id) + (attribute(of, "restrictive") == "yes" ? " AS RESTRICTIVE" : "") +
           " FOR " + attribute(of, "command") + " TO " + roles + (using_.empty() ? "" : " USING (" + using_ + ")") +
           (check.empty() ? "" : " WITH CHECK (" + check + ")");
}

/// The sequence of an identity column is made with the column.
bool belongs_to_identity(catalog::object const& sequence, wanted const& from)
{
    auto const owner = attribute(sequence, "owned by");
    return std::any_of(from.objects.begin(), from.objects.end(), [&](auto const& one) {
        return one.first.kind == "column" && from.names.qualified(one.first.identity) == owner &&
               one.second.attributes.contains("identity");
    });
}

std::optional<statements> sequence(catalog::object const& of, wanted const& from)
{
    if (belongs_to_identity(of, from)) {
        return statements{};
    }
    return statements{std::string{"CREATE "} + (attribute(of, "persistence") == "unlogged" ? "UNLOGGED " : "") +
                      "SEQUENCE " + from.names.of(of.id) + sequence_parameters(of)};
}

statements with_enabling(std::string made, catalog::object const& of, sql_names const& names)
{
    statements all{std::move(made)};
    if (attribute(of, "enabled").empty()) {
        return all;
    }
    all.push_back(enabling(of, names));
    return all;
}

} // namespace

void blueprints::add(blueprints other)
{
    routines.merge(other.routines);
    columns.merge(other.columns);
    multiranges.merge(other.multiranges);
}

bool is_of_partitioned_table(std::string_view index_definition)
{
    return place_of_only(index_definition).has_value();
}

std::string sequence_parameters(catalog::object const& of)
{
    return " AS " + attribute(of, "type") + " INCREMENT BY " + attribute(of, "increment") + " MINVALUE " +
           attribute(of, "minimum") + " MAXVALUE " + attribute(of, "maximum") + " START WITH " +
           attribute(of, "start") + " CACHE " + attribute(of, "cache") +
           (attribute(of, "cycle") == "yes" ? " CYCLE" : " NO CYCLE");
}

std::string enabling(catalog::object const& of, sql_names const& names)
{
    auto const how = attribute(of, "enabled");
    auto const* const verb = how.empty()           ? "ENABLE"
                             : how == "no"         ? "DISABLE"
                             : how == "on replica" ? "ENABLE REPLICA"
                                                   : "ENABLE ALWAYS";
    if (of.id.kind == "event trigger") {
        return "ALTER EVENT TRIGGER " + names.of(of.id) + " " + verb;
    }
    auto const [name, root] = name_and_root(of.id.identity);
    return "ALTER TABLE " + names.qualified(root) + " " + verb + (of.id.kind == "rule" ? " RULE " : " TRIGGER ") +
           names.name(name);
}

std::optional<statements> create(catalog::object const& of, wanted const& from)
{
    auto const& kind = of.id.kind;
    if (kind == "table" || kind == "foreign table") {
        return create_table(of, from);
    }
    if (kind == "column") {
        return statements{"ALTER TABLE " + from.names.qualified(of.root) + " ADD COLUMN " +
                          column_definition(of, from)};
    }
    if (kind == "view" || kind == "materialized view") {
        return statements{view(of, from.names)};
    }
    if (kind == "table constraint" || kind == "domain constraint") {
        return statements{constraint(of, from.names)};
    }
    if (kind == "index") {
        return statements{index(of)};
    }
    if (kind == "statistics object") {
        return statements{attribute(of, "definition")};
    }
    if (kind == "trigger" || kind == "rule") {
        return with_enabling(without_semicolon(attribute(of, "definition")), of, from.names);
    }
    if (kind == "policy") {
        return statements{policy(of, from.names)};
    }
    if (kind == "sequence") {
        return sequence(of, from);
    }
    if (kind == "function" || kind == "procedure") {
        auto const place = from.prints.routines.find(of.id.identity);
        return place == from.prints.routines.end() ? std::nullopt
                                                   : std::optional{statements{without_semicolon(place->second)}};
    }
    return kind == "type" ? create_type(of, from) : create_rarely_made(of, from);
}

bool holds_no_rows(std::string const& kind)
{
    constexpr std::array safe{"view",
                              "materialized view",
                              "function",
                              "procedure",
                              "aggregate",
                              "table constraint",
                              "domain constraint",
                              "policy",
                              "trigger",
                              "rule",
                              "index",
                              "cast",
                              "operator",
                              "statistics object",
                              "event trigger",
                              "collation",
                              "type",
                              "operator class",
                              "operator family"};
    return std::find(safe.begin(), safe.end(), kind) != safe.end();
}

} // namespace pgratchet::revert
