// SPDX-License-Identifier: Apache-2.0
#include "revert/losses.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace pgratchet::revert {

namespace {

using plan::change_kind;

std::optional<std::string> value(plan::object_change const& of, std::string const& name, bool after)
{
    for (auto const& one : of.attributes) {
        if (one.name == name) {
            return after ? one.after : one.before;
        }
    }
    return std::nullopt;
}

/// The table that a column's identity names: its columns go and come with it.
bool is_part_of(std::set<std::string> const& roots, std::string const& column)
{
    return std::any_of(roots.begin(), roots.end(), [&](auto const& root) { return column.starts_with(root + "."); });
}

/// What goes or comes as a whole, with all its columns: relations and composite types.
std::set<std::string> wholes(std::vector<plan::object_change> const& all, change_kind what)
{
    std::set<std::string> found;
    for (auto const& one : all) {
        bool const has_columns = one.id.kind == "table" || one.id.kind == "foreign table" || one.id.kind == "view" ||
                                 one.id.kind == "materialized view" || one.id.kind == "type";
        if (one.what == what && has_columns) {
            found.insert(one.id.identity);
        }
    }
    return found;
}

std::string of_column(plan::object_change const& one)
{
    if (one.what == change_kind::dropped) {
        return value(one, "generated", false) ? "" : "what was written into it since is lost";
    }
    if (one.what == change_kind::changed) {
        auto const type = value(one, "type", true);
        return type ? "values that " + *type + " does not hold are refused or cut" : "";
    }
    if (value(one, "generated", true)) {
        return "";
    }
    bool const is_empty = value(one, "not null", true) && !value(one, "default", true) && !value(one, "identity", true);
    return std::string{"its values do not come back"} + (is_empty ? ", and NOT NULL refuses rows without one" : "");
}

std::string text_for(plan::object_change const& one)
{
    if (one.id.kind == "table" && one.what == change_kind::dropped) {
        return "the rows written into it since are lost";
    }
    if (one.id.kind == "table" && one.what == change_kind::added) {
        return "its rows do not come back";
    }
    if (one.id.kind == "sequence" && one.what == change_kind::added && !value(one, "owned by", true)) {
        return "it starts anew";
    }
    return one.id.kind == "column" ? of_column(one) : "";
}

std::string text_for_left(plan::object_change const& one)
{
    std::string names;
    for (auto const& each : one.attributes) {
        names += (names.empty() ? "" : ", ") + each.name;
    }
    return one.what == change_kind::dropped ? "it stays: nothing was found that takes it away"
           : one.what == change_kind::added ? "it does not come back: nothing was found that makes it"
                                            : "it stays as it is: nothing was found that takes back its " + names;
}

bool works_on_rows(script::statement const& one)
{
    constexpr std::array nodes{"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt",   "TruncateStmt",
                               "DoStmt",     "CallStmt",   "SelectStmt", "ExecuteStmt", "CopyStmt"};
    return one.node.empty() || std::find(nodes.begin(), nodes.end(), one.node) != nodes.end();
}

/// What lasts and is no part of the compared schema. (What REFRESH brought is made anew with its view, or still right.)
bool works_out_of_sight(script::statement const& one)
{
    constexpr std::array nodes{"AlterDatabaseSetStmt", "AlterDatabaseStmt",    "AlterRoleSetStmt",
                               "AlterRoleStmt",        "AlterSeqStmt",         "AlterSubscriptionStmt",
                               "AlterSystemStmt",      "CreateRoleStmt",       "CreateSubscriptionStmt",
                               "DropRoleStmt",         "DropSubscriptionStmt", "AlterTableSpaceOptionsStmt"};
    bool const is_listed = std::find(nodes.begin(), nodes.end(), one.node) != nodes.end();
    return (is_listed && !one.schema_only) || (one.untraced && one.node != "RefreshMatViewStmt");
}

} // namespace

std::vector<loss> losses(std::vector<plan::object_change> const& differed, std::vector<plan::object_change> const& left,
                         std::set<std::string> const& tables, script::script const& file, std::string const& version)
{
    std::vector<loss> all;
    std::set<catalog::object_id> told;
    for (auto const& one : left) {
        all.push_back({one.id.kind + " " + one.id.identity, text_for_left(one)});
        told.insert(one.id);
    }
    auto gone = wholes(differed, change_kind::dropped);
    gone.merge(wholes(differed, change_kind::added));
    for (auto const& one : differed) {
        bool const goes_along =
            one.id.kind == "column" && (is_part_of(gone, one.id.identity) || !is_part_of(tables, one.id.identity));
        auto text = told.contains(one.id) || goes_along ? std::string{} : text_for(one);
        if (!text.empty()) {
            all.push_back({one.id.kind + " " + one.id.identity, std::move(text)});
        }
    }
    for (auto const& one : file.body) {
        bool const is_about_rows = works_on_rows(one);
        if (is_about_rows || works_out_of_sight(one)) {
            all.push_back(
                {"work " + version + ":" + std::to_string(one.where.line),
                 one.command + (is_about_rows ? ": what it did to rows is not taken back"
                                              : ": it does not show in the schema, so it is not taken back")});
        }
    }
    return all;
}

} // namespace pgratchet::revert
