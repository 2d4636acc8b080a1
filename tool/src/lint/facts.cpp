// SPDX-License-Identifier: Apache-2.0
#include "lint/facts.hpp"

#include "script/tree.hpp"

#include <algorithm>

namespace pgratchet::lint {

report::location statement_facts::where(nlohmann::json const& node) const
{
    if (!node.is_object() || !node.contains("location") || !node["location"].is_number_unsigned()) {
        return m_statement->where;
    }
    auto const offset = m_statement->begin + node["location"].get<std::size_t>();
    return offset < m_statement->end ? m_file->location_of(offset) : m_statement->where;
}

nlohmann::json const& statement_facts::tree() const
{
    if (!m_tree) {
        auto whole = script::tree_of(text());
        m_tree = whole.is_object() && whole.size() == 1 ? std::move(whole.begin().value()) : nlohmann::json{};
    }
    return *m_tree;
}

catalog::object const* migration_facts::was(catalog::object_id const& id) const
{
    auto const place =
        std::find_if(renamed.begin(), renamed.end(), [&](plan::renaming const& one) { return one.to == id; });
    if (place != renamed.end()) {
        return catalog::find(before, place->from);
    }
    bool const lives_on = // what had this name before is another object now
        std::any_of(renamed.begin(), renamed.end(), [&](plan::renaming const& one) { return one.from == id; });
    return lives_on ? nullptr : catalog::find(before, id);
}

} // namespace pgratchet::lint
