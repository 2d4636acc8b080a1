// SPDX-License-Identifier: Apache-2.0
#include "compile/moved_data.hpp"

#include "plan/renamed.hpp"
#include "script/spelling.hpp"
#include "script/traits.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>

namespace pgratchet::compile {

namespace {

/// The catalog as statement after statement leaves it.
class catalog_so_far {
public:
    explicit catalog_so_far(catalog::snapshot const& before) : m_before{before} {}

    [[nodiscard]] catalog::object const* find(catalog::object_id const& id) const
    {
        auto const place = m_changed.find(id);
        if (place == m_changed.end()) {
            return catalog::find(m_before, id);
        }
        return place->second ? &*place->second : nullptr;
    }

    void play(plan::effect const& changes)
    {
        for (auto const& one : changes) {
            m_changed.insert_or_assign(one.id, one.after);
        }
    }

private:
    catalog::snapshot const& m_before;
    std::map<catalog::object_id, std::optional<catalog::object>> m_changed;
};

} // namespace

void note_moved_data(source& one, catalog::snapshot const& before, catalog::snapshot const& after)
{
    one.entry.moved_data.clear();
    for (std::size_t i = 0; i < one.each.size() && !one.quiet; ++i) {
        bool const moves = std::ranges::any_of(one.each[i], [&](plan::change const& change) {
            return !change.after && catalog::holds_data(catalog::find(after, change.id), after) &&
                   catalog::holds_data(catalog::find(before, change.id), before);
        });
        if (moves) {
            one.text.body[i].schema_only = false;
            one.entry.moved_data.push_back(i + 1);
        }
    }
    one.entry.schema_only = one.text.schema_only();
}

void note_renamed(source& one, catalog::snapshot const& before)
{
    one.entry.renamed.clear();
    if (one.quiet || std::ranges::none_of(one.text.body, script::gives_another_name)) {
        return;
    }
    catalog_so_far now{before};
    plan::origins names;
    for (std::size_t i = 0; i < one.each.size(); ++i) {
        auto const there = [&](catalog::object_id const& id) {
            return now.find(id);
        };
        names.follow(one.each[i], script::gives_another_name(one.text.body[i]) ? plan::renamings_in(one.each[i], there)
                                                                               : std::vector<plan::renaming>{});
        now.play(one.each[i]);
    }
    for (auto const& [id, origin] : names.known()) {
        if (origin && *origin != id && before.contains(*origin) && now.find(id) != nullptr) {
            one.entry.renamed.push_back({*origin, id});
        }
    }
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
