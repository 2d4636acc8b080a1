// SPDX-License-Identifier: Apache-2.0
#include "revert/losses.hpp"

#include "plan/untraced.hpp"
#include "script/traits.hpp"

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
    if (one.id.kind == "type" && one.what == change_kind::changed) {
        bool const has_others = value(one, "attributes", true) || value(one, "attributes", false);
        return has_others ? "what its values hold of attributes that go, or went, does not come back" : "";
    }
    return one.id.kind == "column" ? of_column(one) : "";
}

std::string names_of_changed(plan::object_change const& one)
{
    std::string names;
    for (auto const& each : one.attributes) {
        names += (names.empty() ? "" : ", ") + each.name;
    }
    return names;
}

std::string text_for_left(plan::object_change const& one)
{
    return one.what == change_kind::dropped ? "it stays: nothing was found that takes it away"
           : one.what == change_kind::added
               ? "it does not come back: nothing was found that makes it"
               : "it stays as it is: nothing was found that takes back its " + names_of_changed(one);
}

std::string by_hand(plan::object_change const& one)
{
    return one.what == change_kind::added     ? "write its CREATE statement here"
           : one.what == change_kind::dropped ? "write here what takes it away"
                                              : "write here what takes back its " + names_of_changed(one);
}

/// What neither the schema shows nor rows hold, and yet lasts: roles, databases, settings of the server, sequences that
/// start anew. Not what ends with the session or goes with its table.
bool works_elsewhere(script::statement const& one)
{
    constexpr std::array nodes{"ClosePortalStmt", "CreateTableAsStmt", "DeclareCursorStmt", "ExplainStmt",
                               "FetchStmt",       "ListenStmt",        "LoadStmt",          "NotifyStmt",
                               "PrepareStmt",     "UnlistenStmt"};
    return !one.schema_only && std::find(nodes.begin(), nodes.end(), one.node) == nodes.end();
}

/// Whether everything that a statement does untraced work on goes.
bool goes_with_it(script::statement const& one, std::vector<plan::object_change> const& differed)
{
    return std::all_of(one.untraced.begin(), one.untraced.end(), [&](std::string const& name) {
        return std::any_of(differed.begin(), differed.end(), [&](plan::object_change const& each) {
            return each.what == change_kind::dropped && plan::is_called(each.id, name);
        });
    });
}

/// Why the work of a statement does not come back; empty if it does.
std::string text_for_work(script::statement const& one, std::vector<plan::object_change> const& differed, bool hides,
                          bool moved_data)
{
    if (script::works_on_rows(one)) {
        return "what it did to rows is not taken back";
    }
    if (moved_data) {
        return "what is under a name that was there before is other data since, and that is not taken back";
    }
    if (works_elsewhere(one) || !goes_with_it(one, differed)) {
        return "it does not show in the schema, so it is not taken back";
    }
    return hides && one.may_be_untraced ? "it may not show in the schema, and is not taken back then" : "";
}

} // namespace

std::vector<loss> losses(std::vector<plan::object_change> const& differed, std::vector<plan::object_change> const& left,
                         std::set<std::string> const& tables, script::script const& file,
                         plan::migration const& reverted, bool has_old_names)
{
    std::vector<loss> all;
    std::set<catalog::object_id> told;
    auto const left_as_a_whole = wholes(left, change_kind::added);
    for (auto const& one : left) {
        bool const comes_along = one.id.kind == "column" && is_part_of(left_as_a_whole, one.id.identity);
        all.push_back({one.id.kind + " " + one.id.identity, text_for_left(one), comes_along ? "" : by_hand(one)});
        told.insert(one.id);
    }
    auto gone = wholes(differed, change_kind::dropped);
    gone.merge(wholes(differed, change_kind::added));
    for (auto const& one : differed) {
        bool const goes_along =
            one.id.kind == "column" && (is_part_of(gone, one.id.identity) || !is_part_of(tables, one.id.identity));
        auto text = told.contains(one.id) || goes_along ? std::string{} : text_for(one);
        if (!text.empty()) {
            all.push_back({one.id.kind + " " + one.id.identity, std::move(text), {}});
        }
    }
    // By its parse tree or by its replay, which does not say what of.
    bool const hides = std::find(reverted.untraced.begin(), reverted.untraced.end(), "") != reverted.untraced.end();
    for (std::size_t i = 0; i < file.body.size(); ++i) {
        auto const& one = file.body[i];
        bool const is_renamed_back = has_old_names && script::gives_another_name(one);
        bool const moved =
            !is_renamed_back && std::ranges::find(reverted.moved_data, i + 1) != reverted.moved_data.end();
        if (auto text = text_for_work(one, differed, hides, moved); !text.empty()) {
            all.push_back({"work " + reverted.version + ":" + std::to_string(one.where.line),
                           one.command + ": " + std::move(text),
                           {}});
        }
    }
    return all;
}

} // namespace pgratchet::revert
