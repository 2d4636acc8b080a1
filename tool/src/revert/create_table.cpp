// SPDX-License-Identifier: Apache-2.0
#include "revert/ddl.hpp"

namespace pgratchet::revert {

namespace {

/// The sequence behind an identity column, as it is to be made.
std::string identity_sequence(catalog::object const& column, wanted const& from)
{
    for (auto const& [id, one] : from.objects) {
        if (id.kind == "sequence" && attribute(one, "owned by") == from.names.qualified(column.id.identity)) {
            auto const parameters = sequence_parameters(one);
            // The type is the column's own.
            return " (SEQUENCE NAME " + from.names.of(id) + parameters.substr(parameters.find(" INCREMENT")) + ")";
        }
    }
    return {};
}

/// Columns in the order that the table had.
std::vector<catalog::object const*> columns_of(catalog::object const& table, wanted const& from)
{
    std::vector<catalog::object const*> columns;
    auto const known = from.prints.columns.find(table.id.identity);
    if (known == from.prints.columns.end()) {
        return columns;
    }
    for (auto const& identity : known->second) {
        if (auto const* const one = catalog::find(from.objects, {"column", identity})) {
            columns.push_back(one);
        }
    }
    return columns;
}

std::string column_list(catalog::object const& table, wanted const& from)
{
    std::string list;
    for (auto const* const one : columns_of(table, from)) {
        list += (list.empty() ? "\n    " : ",\n    ") + column_definition(*one, from);
    }
    return list.empty() ? " ()" : " (" + list + "\n)";
}

/// What a partition has otherwise than its parent is altered afterwards.
std::string body_of(catalog::object const& table, wanted const& from)
{
    if (auto const parent = attribute(table, "partition of"); !parent.empty()) {
        return " PARTITION OF " + parent + " " + attribute(table, "partition bound");
    }
    if (auto const type = attribute(table, "of type"); !type.empty()) {
        return " OF " + type;
    }
    auto const parents = attribute(table, "inherits");
    return column_list(table, from) + (parents.empty() ? "" : " INHERITS (" + parents + ")");
}

} // namespace

std::string column_definition(catalog::object const& of, wanted const& from)
{
    auto text = from.names.column(of) + " " + attribute(of, "type");
    if (auto const collation = attribute(of, "collation"); !collation.empty()) {
        text += " COLLATE " + collation;
    }
    if (auto const expression = attribute(of, "generated"); !expression.empty()) {
        text += " GENERATED ALWAYS AS (" + expression + ")" +
                (attribute(of, "generated kind") == "virtual" ? " VIRTUAL" : " STORED");
    }
    if (auto const value = attribute(of, "default"); !value.empty()) {
        text += " DEFAULT " + value;
    }
    if (auto const identity = attribute(of, "identity"); !identity.empty()) {
        text += std::string{" GENERATED "} + (identity == "always" ? "ALWAYS" : "BY DEFAULT") + " AS IDENTITY" +
                identity_sequence(of, from);
    } else if (!attribute(of, "not null").empty()) {
        text += " NOT NULL";
    }
    return text;
}

std::optional<statements> create_table(catalog::object const& of, wanted const& from)
{
    bool const is_foreign = of.id.kind == "foreign table";
    if (is_foreign && of.attributes.contains("foreign options")) {
        return std::nullopt; // a list of them does not say where a value ends
    }
    std::string const kind = is_foreign                                   ? "FOREIGN TABLE "
                             : attribute(of, "persistence") == "unlogged" ? "UNLOGGED TABLE "
                                                                          : "TABLE ";
    auto const key = attribute(of, "partition key");
    statements all{"CREATE " + kind + from.names.of(of.id) + body_of(of, from) +
                   (key.empty() ? "" : " PARTITION BY " + key) +
                   (is_foreign ? " SERVER " + from.names.name(attribute(of, "server")) : "")};
    auto const security = attribute(of, "row security");
    auto const table = "ALTER TABLE " + from.names.of(of.id);
    if (security == "enabled" || security == "forced") {
        all.push_back(table + " ENABLE ROW LEVEL SECURITY");
    }
    if (security.starts_with("forced")) {
        all.push_back(table + " FORCE ROW LEVEL SECURITY");
    }
    return all;
}

} // namespace pgratchet::revert
