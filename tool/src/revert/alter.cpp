// SPDX-License-Identifier: Apache-2.0
#include "catalog/identity.hpp"
#include "revert/ddl.hpp"

#include <algorithm>

namespace pgratchet::revert {

namespace {

using changes = std::vector<plan::attribute_change>;

bool has(changes const& of, std::string const& name)
{
    return std::any_of(of.begin(), of.end(), [&](auto const& one) { return one.name == name; });
}

/// What restore_access() sees to.
bool is_access(std::string const& name)
{
    return name == "owner" || name == "privileges" || name == "comment";
}

void alter_identity(catalog::object const& from, catalog::object const& to, std::string const& column,
                    wanted const& parts, statements& all)
{
    auto const was = attribute(from, "identity");
    auto const is = attribute(to, "identity");
    if (was == is) {
        return;
    }
    if (is.empty()) {
        all.push_back(column + " DROP IDENTITY");
    } else if (!was.empty()) {
        all.push_back(column + " SET GENERATED " + (is == "always" ? "ALWAYS" : "BY DEFAULT"));
    } else {
        auto const definition = column_definition(to, parts);
        all.push_back(column + " ADD" + definition.substr(definition.find(" GENERATED ")));
    }
}

std::optional<statements> column(catalog::object const& from, catalog::object const& to, changes const& what,
                                 wanted const& parts)
{
    if (has(what, "generated kind") || (has(what, "generated") && to.attributes.contains("generated")) ||
        has(what, "foreign options")) {
        return std::nullopt;
    }
    auto const table = "ALTER TABLE " + parts.names.qualified(to.root);
    auto const of = table + " ALTER COLUMN " + parts.names.column(to);
    bool const is_retyped = has(what, "type") || has(what, "collation");
    auto const old_default = attribute(from, "default");
    auto const new_default = attribute(to, "default");
    statements all;
    if (has(what, "generated")) {
        all.push_back(of + " DROP EXPRESSION");
    }
    bool const default_goes = !old_default.empty() && (new_default.empty() || is_retyped);
    if (default_goes) {
        all.push_back(of + " DROP DEFAULT");
    }
    if (attribute(from, "identity") != attribute(to, "identity") && attribute(to, "identity").empty()) {
        alter_identity(from, to, of, parts, all);
    }
    if (is_retyped) {
        auto const type = attribute(to, "type");
        auto const collation = attribute(to, "collation");
        all.push_back(of + " TYPE " + type + (collation.empty() ? "" : " COLLATE " + collation) + " USING " +
                      parts.names.column(to) + "::" + type);
    }
    if (!new_default.empty() && (default_goes || new_default != old_default)) {
        all.push_back(of + " SET DEFAULT " + new_default);
    }
    if (has(what, "not null")) {
        all.push_back(of + (to.attributes.contains("not null") ? " SET NOT NULL" : " DROP NOT NULL"));
    }
    if (!attribute(to, "identity").empty()) {
        alter_identity(from, to, of, parts, all);
    }
    return all;
}

std::optional<statements> table(catalog::object const& from, catalog::object const& to, changes const& what,
                                wanted const& parts)
{
    if (has(what, "partition key") || has(what, "server") || has(what, "foreign options")) {
        return std::nullopt;
    }
    auto const of = "ALTER TABLE " + parts.names.of(to.id);
    statements all;
    if (has(what, "persistence")) {
        all.push_back(of + (attribute(to, "persistence") == "unlogged" ? " SET UNLOGGED" : " SET LOGGED"));
    }
    if (has(what, "row security")) {
        auto const is = attribute(to, "row security");
        all.push_back(of + (is == "enabled" || is == "forced" ? " ENABLE" : " DISABLE") + " ROW LEVEL SECURITY");
        all.push_back(of + (is.starts_with("forced") ? " FORCE" : " NO FORCE") + " ROW LEVEL SECURITY");
    }
    if (has(what, "of type")) {
        auto const type = attribute(to, "of type");
        all.push_back(of + (type.empty() ? " NOT OF" : " OF " + type));
    }
    if (has(what, "inherits")) {
        for (auto const& one : catalog::parts_of(attribute(from, "inherits"), ',')) {
            all.push_back(of + " NO INHERIT " + one);
        }
        for (auto const& one : catalog::parts_of(attribute(to, "inherits"), ',')) {
            all.push_back(of + " INHERIT " + one);
        }
    }
    if (has(what, "partition of") || has(what, "partition bound")) {
        if (auto const parent = attribute(from, "partition of"); !parent.empty()) {
            all.push_back("ALTER TABLE " + parent + " DETACH PARTITION " + parts.names.of(to.id));
        }
        if (auto const parent = attribute(to, "partition of"); !parent.empty()) {
            all.push_back("ALTER TABLE " + parent + " ATTACH PARTITION " + parts.names.of(to.id) + " " +
                          attribute(to, "partition bound"));
        }
    }
    return all;
}

std::optional<statements> domain(catalog::object const& to, changes const& what, wanted const& parts)
{
    if (has(what, "base type") || has(what, "collation") || has(what, "form")) {
        return std::nullopt;
    }
    auto const of = "ALTER DOMAIN " + parts.names.of(to.id);
    statements all;
    if (has(what, "default")) {
        auto const value = attribute(to, "default");
        all.push_back(of + (value.empty() ? " DROP DEFAULT" : " SET DEFAULT " + value));
    }
    if (has(what, "not null")) {
        all.push_back(of + (to.attributes.contains("not null") ? " SET NOT NULL" : " DROP NOT NULL"));
    }
    return all;
}

std::string first_name(std::string const& part)
{
    return catalog::parts_of(part, ' ').front();
}

/// Attributes that were added behind the others are dropped, and those that were dropped there are added again.
std::optional<statements> composite(catalog::object const& from, catalog::object const& to, wanted const& parts)
{
    auto const was = catalog::parts_of(attribute(from, "attributes"), ',');
    auto const is = catalog::parts_of(attribute(to, "attributes"), ',');
    auto const common = std::min(was.size(), is.size());
    if (attribute(from, "form") != "composite" ||
        !std::equal(was.begin(), was.begin() + static_cast<std::ptrdiff_t>(common), is.begin())) {
        return std::nullopt;
    }
    statements all;
    for (auto i = common; i < was.size(); ++i) {
        all.push_back("ALTER TYPE " + parts.names.of(to.id) + " DROP ATTRIBUTE " + first_name(was[i]));
    }
    for (auto i = common; i < is.size(); ++i) {
        all.push_back("ALTER TYPE " + parts.names.of(to.id) + " ADD ATTRIBUTE " + is[i]);
    }
    return all;
}

std::optional<statements> type(catalog::object const& from, catalog::object const& to, changes const& what,
                               wanted const& parts)
{
    auto const form = attribute(to, "form");
    return form == "domain" ? domain(to, what, parts) : form == "composite" ? composite(from, to, parts) : std::nullopt;
}

statements sequence(catalog::object const& to, changes const& what, wanted const& parts)
{
    auto const of = "ALTER SEQUENCE " + parts.names.of(to.id);
    statements all;
    bool const has_parameters = std::any_of(what.begin(), what.end(), [](auto const& one) {
        return !is_access(one.name) && one.name != "owned by" && one.name != "persistence";
    });
    if (has_parameters) {
        all.push_back(of + sequence_parameters(to));
    }
    if (has(what, "owned by")) {
        auto const owner = attribute(to, "owned by");
        all.push_back(of + " OWNED BY " + (owner.empty() ? "NONE" : owner));
    }
    if (has(what, "persistence")) {
        all.push_back(of + (attribute(to, "persistence") == "unlogged" ? " SET UNLOGGED" : " SET LOGGED"));
    }
    return all;
}

std::optional<statements> constraint(catalog::object const& to, changes const& what, wanted const& parts)
{
    if (has(what, "definition") || has(what, "valid") || attribute(to, "validated") == "no") {
        return std::nullopt;
    }
    auto const [name, root] = name_and_root(to.id.identity);
    return statements{(to.id.kind == "table constraint" ? "ALTER TABLE " : "ALTER DOMAIN ") +
                      parts.names.qualified(root) + " VALIDATE CONSTRAINT " + parts.names.name(name)};
}

/// A view with the same columns, a routine with the same result: replaced where it is, with its privileges.
std::optional<statements> replaced(catalog::object const& to, wanted const& parts)
{
    auto made = create(to, parts);
    if (made && !made->empty() && made->front().starts_with("CREATE VIEW")) {
        made->front().insert(std::string_view{"CREATE"}.size(), " OR REPLACE");
    }
    return made;
}

} // namespace

std::optional<statements> alter(catalog::object const& from, catalog::object const& to, changes const& what,
                                wanted const& parts)
{
    if (std::all_of(what.begin(), what.end(), [](auto const& one) { return is_access(one.name); })) {
        return statements{};
    }
    auto const& kind = to.id.kind;
    bool const only_enabled = std::all_of(what.begin(), what.end(),
                                          [](auto const& one) { return is_access(one.name) || one.name == "enabled"; });
    if (only_enabled) {
        return statements{enabling(to, parts.names)};
    }
    return kind == "column"                                              ? column(from, to, what, parts)
           : kind == "table" || kind == "foreign table"                  ? table(from, to, what, parts)
           : kind == "type"                                              ? type(from, to, what, parts)
           : kind == "sequence"                                          ? sequence(to, what, parts)
           : kind == "table constraint" || kind == "domain constraint"   ? constraint(to, what, parts)
           : kind == "view" || kind == "function" || kind == "procedure" ? replaced(to, parts)
                                                                         : std::nullopt;
}

} // namespace pgratchet::revert
