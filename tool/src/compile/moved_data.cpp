// SPDX-License-Identifier: Apache-2.0
#include "compile/moved_data.hpp"

#include "script/spelling.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pgratchet::compile {

namespace {

/// What of an effect holds data: the table, column or sequence of that identity. A generated column does not.
bool holds_data(catalog::object const* one, catalog::snapshot const& all)
{
    if (one == nullptr || one->attributes.contains("generated")) {
        return false;
    }
    bool const is_column = one->id.kind == "column" && all.contains({"table", one->root});
    return is_column || one->id.kind == "table" || one->id.kind == "sequence";
}

} // namespace

void note_moved_data(source& one, catalog::snapshot const& before, catalog::snapshot const& after)
{
    for (std::size_t i = 0; i < one.each.size() && !one.quiet; ++i) {
        bool const moves = std::ranges::any_of(one.each[i], [&](plan::change const& change) {
            return !change.after && after.contains(change.id) && holds_data(catalog::find(before, change.id), before);
        });
        if (moves) {
            one.text.body[i].schema_only = false;
            one.entry.moved_data.push_back(i + 1);
        }
    }
    one.entry.schema_only = one.text.schema_only();
}

bool can_take_away(script::statement const& one, std::string_view text)
{
    constexpr std::array nodes =
        std::to_array<std::string_view>({"AlterObjectSchemaStmt", "DropOwnedStmt", "DropStmt", "RenameStmt"});
    bool const drops_a_part =
        one.node == "AlterTableStmt" && script::in_lower_case(text).find("drop") != std::string::npos;
    return drops_a_part || std::ranges::find(nodes, one.node) != nodes.end();
}

} // namespace pgratchet::compile
