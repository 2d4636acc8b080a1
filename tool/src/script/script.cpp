// SPDX-License-Identifier: Apache-2.0
#include "script/script.hpp"

#include "script/source_text.hpp"

#include <algorithm>

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

bool script::untraced() const
{
    return std::any_of(body.begin(), body.end(), [](statement const& s) { return s.untraced; });
}

} // namespace pgratchet::script
