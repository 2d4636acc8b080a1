// SPDX-License-Identifier: Apache-2.0
#include "script/script.hpp"

#include "script/source_text.hpp"

#include <algorithm>
#include <set>

namespace pgratchet::script {

report::location script::location_of(std::size_t offset) const
{
    return place_finder{file, text}.at(offset);
}

std::size_t script::offset_of(statement const& s, std::size_t server_position) const
{
    return character_offset(text, s.begin, s.end, server_position);
}

bool script::schema_only() const
{
    return std::all_of(body.begin(), body.end(), [](statement const& s) { return s.schema_only; });
}

std::vector<std::string> script::untraced() const
{
    std::set<std::string> all;
    for (statement const& one : body) {
        all.insert(one.untraced.begin(), one.untraced.end());
    }
    return {all.begin(), all.end()};
}

} // namespace pgratchet::script
