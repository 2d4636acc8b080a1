// SPDX-License-Identifier: Apache-2.0
#include "revert/renames.hpp"

#include "catalog/settings.hpp"

#include <map>

namespace pgratchet::revert {

namespace {

using nlohmann::json;

std::string text_of(json const& node, char const* field)
{
    auto const place = node.is_object() ? node.find(field) : node.end();
    return place != node.end() && place->is_string() ? place->get<std::string>() : std::string{};
}

/// The parts of a name: a RangeVar, a list of strings, or a string.
std::vector<std::string> name_parts(json const& node)
{
    std::vector<std::string> parts;
    if (node.contains("relname")) {
        if (auto const schema = text_of(node, "schemaname"); !schema.empty()) {
            parts.push_back(schema);
        }
        parts.push_back(text_of(node, "relname"));
        return parts;
    }
    for (auto const* const list : {"List", "TypeName"}) {
        if (auto const place = node.find(list); place != node.end()) {
            for (auto const& one : place->value(std::string{list} == "List" ? "items" : "names", json::array())) {
                parts.push_back(text_of(one.value("String", json::object()), "sval"));
            }
        }
    }
    if (auto const place = node.find("String"); place != node.end()) {
        parts.push_back(text_of(*place, "sval"));
    }
    return parts;
}

/// The argument types of ObjectWithArgs cannot be written from the tree without a deparser; a routine's name alone does
/// where it is not overloaded, and the server says so if it is.
std::vector<std::string> object_parts(json const& node)
{
    auto const place = node.find("ObjectWithArgs");
    if (place == node.end()) {
        return name_parts(node);
    }
    std::vector<std::string> parts;
    for (auto const& one : place->value("objname", json::array())) {
        parts.push_back(text_of(one.value("String", json::object()), "sval"));
    }
    return parts;
}

/// OBJECT_TABLE and its kin in the words of ALTER.
std::string verb_of(std::string const& type)
{
    static std::map<std::string, std::string> const verbs{{"OBJECT_TABLE", "TABLE"},
                                                          {"OBJECT_FOREIGN_TABLE", "FOREIGN TABLE"},
                                                          {"OBJECT_VIEW", "VIEW"},
                                                          {"OBJECT_MATVIEW", "MATERIALIZED VIEW"},
                                                          {"OBJECT_INDEX", "INDEX"},
                                                          {"OBJECT_SEQUENCE", "SEQUENCE"},
                                                          {"OBJECT_TYPE", "TYPE"},
                                                          {"OBJECT_DOMAIN", "DOMAIN"},
                                                          {"OBJECT_SCHEMA", "SCHEMA"},
                                                          {"OBJECT_FUNCTION", "FUNCTION"},
                                                          {"OBJECT_PROCEDURE", "PROCEDURE"},
                                                          {"OBJECT_ROUTINE", "ROUTINE"},
                                                          {"OBJECT_COLLATION", "COLLATION"},
                                                          {"OBJECT_STATISTIC_EXT", "STATISTICS"},
                                                          {"OBJECT_EVENT_TRIGGER", "EVENT TRIGGER"},
                                                          {"OBJECT_AGGREGATE", "ROUTINE"}};
    auto const place = verbs.find(type);
    return place == verbs.end() ? "" : place->second;
}

/// Writes the statements; a name without a schema gets the one that is looked in first.
class writer {
public:
    writer(sql_names const& names, std::string const& schema) : m_names{names}, m_schema{schema} {}

    [[nodiscard]] std::optional<std::string> part_renamed_back(json const& node, std::string const& type) const;
    [[nodiscard]] std::optional<std::string> object_renamed_back(json const& node, std::string const& type) const;
    [[nodiscard]] std::optional<std::string> moved_back(json const& node) const;
    [[nodiscard]] std::string label_renamed_back(json const& node) const;

private:
    [[nodiscard]] std::string one(std::string const& name) const { return m_names.identifier(name); }

    [[nodiscard]] std::string in_schema(std::vector<std::string> parts) const
    {
        if (parts.size() == 1) {
            parts.insert(parts.begin(), m_schema);
        }
        return parts.size() == 2 ? one(parts[0]) + "." + one(parts[1]) : std::string{};
    }

    sql_names const& m_names;
    std::string const& m_schema;
};

/// ALTER TABLE r RENAME COLUMN | CONSTRAINT a TO b, and ALTER TRIGGER | RULE | POLICY a ON r RENAME TO b.
std::optional<std::string> writer::part_renamed_back(json const& node, std::string const& type) const
{
    auto const relation = in_schema(name_parts(node.value("relation", json::object())));
    auto const was = one(text_of(node, "subname"));
    auto const is = one(text_of(node, "newname"));
    auto const owner = verb_of(text_of(node, "relationType"));
    if (type == "OBJECT_COLUMN") {
        return "ALTER " + (owner.empty() ? "TABLE" : owner) + " " + relation + " RENAME COLUMN " + is + " TO " + was;
    }
    if (type == "OBJECT_ATTRIBUTE") {
        return "ALTER TYPE " + relation + " RENAME ATTRIBUTE " + is + " TO " + was;
    }
    if (type == "OBJECT_TABCONSTRAINT") {
        return "ALTER TABLE " + relation + " RENAME CONSTRAINT " + is + " TO " + was;
    }
    for (auto const& [object, verb] :
         {std::pair{"OBJECT_TRIGGER", "TRIGGER"}, {"OBJECT_RULE", "RULE"}, {"OBJECT_POLICY", "POLICY"}}) {
        if (type == object) {
            return std::string{"ALTER "} + verb + " " + is + " ON " + relation + " RENAME TO " + was;
        }
    }
    return std::nullopt;
}

std::optional<std::string> writer::object_renamed_back(json const& node, std::string const& type) const
{
    auto const is = text_of(node, "newname");
    if (type == "OBJECT_DOMCONSTRAINT") {
        return "ALTER DOMAIN " + in_schema(name_parts(node.value("object", json::object()))) + " RENAME CONSTRAINT " +
               one(is) + " TO " + one(text_of(node, "subname"));
    }
    auto const verb = verb_of(type);
    auto parts = node.contains("relation") ? name_parts(node["relation"])
                 : node.contains("object") ? object_parts(node["object"])
                                           : std::vector<std::string>{text_of(node, "subname")};
    if (verb.empty() || parts.empty() || parts.back().empty()) {
        return std::nullopt;
    }
    auto const was = parts.back();
    parts.back() = is;
    bool const stands_alone = type == "OBJECT_SCHEMA" || type == "OBJECT_EVENT_TRIGGER";
    return "ALTER " + verb + " " + (stands_alone ? one(is) : in_schema(parts)) + " RENAME TO " + one(was);
}

std::optional<std::string> writer::moved_back(json const& node) const
{
    auto const verb = verb_of(text_of(node, "objectType"));
    auto const parts =
        node.contains("relation") ? name_parts(node["relation"]) : object_parts(node.value("object", json::object()));
    if (verb.empty() || parts.empty()) {
        return std::nullopt;
    }
    auto const& old_schema = parts.size() == 2 ? parts[0] : m_schema;
    return "ALTER " + verb + " " + in_schema({text_of(node, "newschema"), parts.back()}) + " SET SCHEMA " +
           one(old_schema);
}

std::string writer::label_renamed_back(json const& node) const
{
    std::vector<std::string> parts;
    for (auto const& each : node.value("typeName", json::array())) {
        parts.push_back(text_of(each.value("String", json::object()), "sval"));
    }
    return "ALTER TYPE " + in_schema(parts) + " RENAME VALUE " + catalog::literal(text_of(node, "newVal")) + " TO " +
           catalog::literal(text_of(node, "oldVal"));
}

} // namespace

std::optional<std::string> renamed_back(json const& tree, sql_names const& names, std::string const& schema)
{
    if (!tree.is_object() || tree.empty()) {
        return std::nullopt;
    }
    auto const& kind = tree.begin().key();
    auto const& node = tree.begin().value();
    writer const write{names, schema};
    if (kind == "RenameStmt") {
        auto const type = text_of(node, "renameType");
        auto back = write.part_renamed_back(node, type);
        return back ? back : write.object_renamed_back(node, type);
    }
    if (kind == "AlterObjectSchemaStmt") {
        return write.moved_back(node);
    }
    return kind == "AlterEnumStmt" && !text_of(node, "oldVal").empty() ? std::optional{write.label_renamed_back(node)}
                                                                       : std::nullopt;
}

} // namespace pgratchet::revert
