// SPDX-License-Identifier: Apache-2.0
#include "script/type_name.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace pgratchet::script {

std::string long_type_name(std::string_view name)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 17> names{{
        {"bool", "boolean"},
        {"bpchar", "character"},
        {"char", "character"},
        {"decimal", "numeric"},
        {"float", "double precision"},
        {"float4", "real"},
        {"float8", "double precision"},
        {"int", "integer"},
        {"int2", "smallint"},
        {"int4", "integer"},
        {"int8", "bigint"},
        {"time", "time without time zone"},
        {"timestamp", "timestamp without time zone"},
        {"timestamptz", "timestamp with time zone"},
        {"timetz", "time with time zone"},
        {"varbit", "bit varying"},
        {"varchar", "character varying"},
    }};
    auto const bracket = std::min(name.find('['), name.size());
    auto const base = name.substr(0, bracket);
    auto const* const place =
        std::find_if(names.begin(), names.end(), [&](auto const& one) { return one.first == base; });
    return std::string{place == names.end() ? base : place->second} + std::string{name.substr(bracket)};
}

} // namespace pgratchet::script
