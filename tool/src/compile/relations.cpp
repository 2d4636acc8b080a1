// SPDX-License-Identifier: Apache-2.0
#include "compile/relations.hpp"

#include "script/spelling.hpp"

#include <algorithm>
#include <array>

namespace pgratchet::compile {

namespace {

constexpr std::array kinds =
    std::to_array<std::string_view>({"table", "view", "materialized view", "foreign table", "sequence"});

bool is_relation(catalog::object const& one)
{
    return std::find(kinds.begin(), kinds.end(), one.id.kind) != kinds.end();
}

bool is_part_of_word(char c)
{
    auto const byte = static_cast<unsigned char>(c);
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '_' || byte == '$' || byte >= 0x80U;
}

} // namespace

std::string bare_name(std::string const& identity)
{
    return catalog::root_of({{"table", identity}, identity, {}}).name;
}

void relations::note(catalog::located_object const& read)
{
    if (is_relation(read.value)) {
        m_now.insert_or_assign(read.oid, read.value.id.identity);
        m_changed.push_back(read.oid);
        count(read.value.id.identity, 1);
    }
}

void relations::forget(std::string const& oid)
{
    auto const known = m_now.find(oid);
    if (known != m_now.end()) {
        count(known->second, -1);
        m_now.erase(known);
        m_changed.push_back(oid);
    }
}

void relations::begin_migration()
{
    for (auto const& oid : m_changed) {
        auto const now = m_now.find(oid);
        if (now == m_now.end()) {
            m_before.erase(oid);
            m_file_nodes.erase(oid);
        } else {
            m_before.insert_or_assign(oid, now->second);
        }
    }
    m_changed.clear();
}

std::optional<std::string> relations::before_migration(std::string const& oid) const
{
    auto const known = m_before.find(oid);
    return known == m_before.end() ? std::nullopt : std::optional{known->second};
}

bool relations::may_be_named_in(std::string_view statement) const
{
    if (m_odd_names > 0 || statement.find('\\') != std::string_view::npos) { // U&"\0061" is a name, too
        return true;
    }
    for (std::size_t at = 0; at < statement.size();) {
        auto end = at;
        while (end < statement.size() && is_part_of_word(statement[end])) {
            ++end;
        }
        if (end > at && m_names.contains(script::in_lower_case(statement.substr(at, end - at)))) {
            return true;
        }
        at = std::max(end, at + 1);
    }
    return false;
}

std::string relations::file_node(std::string const& oid) const
{
    auto const known = m_file_nodes.find(oid);
    return known == m_file_nodes.end() ? "" : known->second;
}

void relations::count(std::string const& identity, int by)
{
    auto const name = bare_name(identity);
    if (std::all_of(name.begin(), name.end(), is_part_of_word)) {
        auto const place = m_names.try_emplace(script::in_lower_case(name), 0).first;
        place->second += by;
        if (place->second == 0) {
            m_names.erase(place);
        }
    } else {
        m_odd_names += by;
    }
}

} // namespace pgratchet::compile
