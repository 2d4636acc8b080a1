// SPDX-License-Identifier: Apache-2.0
#include "compile/foresight.hpp"

#include "database/session.hpp"
#include "lint/tree_text.hpp"
#include "script/spelling.hpp"
#include "script/tree.hpp"

#include <algorithm>

namespace pgratchet::compile {

namespace {

using nlohmann::json;

std::string sql_name(json const& range_var)
{
    auto const schema = lint::text_field(range_var, "schemaname");
    return (schema.empty() ? "" : database::quoted_name(schema) + ".") +
           database::quoted_name(lint::text_field(range_var, "relname"));
}

/// The names in DROP INDEX a, b.c.
std::vector<std::string> dropped_names(json const& drop)
{
    std::vector<std::string> names;
    for (auto const& object : lint::list(drop, "objects")) {
        std::string name;
        for (auto const& part : lint::list(lint::field(object, "List"), "items")) {
            name += (name.empty() ? "" : ".") +
                    database::quoted_name(lint::text_field(lint::field(part, "String"), "sval"));
        }
        names.push_back(std::move(name));
    }
    return names;
}

std::vector<std::string> vacuumed_names(json const& vacuum)
{
    std::vector<std::string> names;
    for (auto const& one : lint::list(vacuum, "rels")) {
        names.push_back(sql_name(lint::field(lint::field(one, "VacuumRelation"), "relation")));
    }
    return names;
}

bool has_option(json const& node, std::string_view name)
{
    auto const& options = lint::list(node, "options");
    return std::any_of(options.begin(), options.end(), [&](json const& one) {
        return lint::text_field(lint::field(one, "DefElem"), "defname") == name;
    });
}

std::vector<std::string> relation_of(json const& node)
{
    auto const& relation = lint::field(node, "relation");
    return relation.is_null() ? std::vector<std::string>{} : std::vector<std::string>{sql_name(relation)};
}

} // namespace

foresight foresee(std::string_view text, script::statement const& one)
{
    constexpr auto shared = "ShareUpdateExclusiveLock";
    constexpr auto exclusive = "AccessExclusiveLock";
    bool const concurrently = script::says(text, "CONCURRENTLY");
    auto const tree = script::tree_of(text);
    auto const& node = lint::field(tree, one.node);
    if (one.node == "VacuumStmt") {
        return {has_option(node, "full") ? exclusive : shared, vacuumed_names(node), false};
    }
    if (one.node == "ClusterStmt") {
        return {exclusive, relation_of(node), false};
    }
    if (!concurrently) {
        return {};
    }
    if (one.node == "IndexStmt" || one.node == "ReindexStmt") {
        return {shared, relation_of(node), true};
    }
    if (one.node == "DropStmt") {
        return {shared, dropped_names(node), false};
    }
    return one.node == "AlterTableStmt" ? foresight{shared, relation_of(node), false} : foresight{};
}

} // namespace pgratchet::compile
