// SPDX-License-Identifier: Apache-2.0
#include "bundle/fingerprint.hpp"

#include "plan/effect.hpp"
#include "script/checksum.hpp"

#include <nlohmann/json.hpp>

namespace pgratchet::bundle {

std::string fingerprint(catalog::snapshot const& of)
{
    auto all = nlohmann::ordered_json::array();
    for (auto const& [id, value] : of) {
        if (catalog::belongs_to_effect_only(id)) {
            continue;
        }
        auto attributes = nlohmann::ordered_json::object();
        for (auto const& [name, text] : value.attributes) {
            if (catalog::compared_for_drift(name)) {
                attributes[name] = text;
            }
        }
        all.push_back({id.kind, id.identity, value.root, attributes});
    }
    return script::sha256(all.dump());
}

std::vector<schema_state> states_of(plan::plan const& of)
{
    auto at = of.initial;
    std::vector<schema_state> states{{plan::version_name(of, 0), fingerprint(at)}};
    for (auto const& one : of.migrations) {
        plan::play(one.changes, at);
        states.push_back({one.version, fingerprint(at)});
    }
    return states;
}

} // namespace pgratchet::bundle
