// SPDX-License-Identifier: Apache-2.0
#include "observe/json.hpp"

#include "observe/lock.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

namespace pgratchet::observe {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

ordered_json relation_to_json(observation const& one)
{
    ordered_json out{{"relation", one.relation}, {"lock", one.lock}};
    for (auto const& [name, is] : {std::pair{"rewritten", one.rewritten}, std::pair{"scanned", one.scanned},
                                   std::pair{"index_built", one.index_built}}) {
        if (is) {
            out[name] = true;
        }
    }
    return out;
}

/// 0 for what is no number of a statement or line.
std::size_t read_count(json const& in)
{
    bool const fits = in.is_number_unsigned() && in.get<std::uint64_t>() <= std::numeric_limits<int>::max();
    return fits ? in.get<std::size_t>() : 0;
}

} // namespace

ordered_json to_json(observed_statement const& one)
{
    ordered_json out{{"statement", one.number}, {"line", one.line}, {"command", one.command}};
    for (auto const& each : one.relations) {
        out["relations"].push_back(relation_to_json(each));
    }
    return out;
}

observed_statement from_json(json const& in)
{
    observed_statement one;
    one.number = read_count(in.at("statement"));
    one.line = read_count(in.at("line"));
    one.command = in.at("command").get<std::string>();
    for (auto const& each : in.at("relations")) {
        one.relations.push_back({each.at("relation").get<std::string>(), each.at("lock").get<std::string>(),
                                 each.value("rewritten", false), each.value("scanned", false),
                                 each.value("index_built", false)});
    }
    return one;
}

bool is_sound(observed_statement const& one)
{
    return one.number > 0 && one.line > 0 && !one.relations.empty() &&
           std::all_of(one.relations.begin(), one.relations.end(),
                       [](observation const& each) { return !each.relation.empty() && strength(each.lock) > 0; });
}

} // namespace pgratchet::observe
