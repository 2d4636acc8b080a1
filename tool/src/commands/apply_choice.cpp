// SPDX-License-Identifier: Apache-2.0
#include "commands/apply_choice.hpp"

#include "errors.hpp"
#include "plan/accepted.hpp"

namespace pgratchet::commands {

namespace {

std::size_t target_of(apply_options const& chosen, plan::plan const& compiled)
{
    if (!chosen.to) {
        return compiled.migrations.size();
    }
    auto const k = plan::index_of(compiled, *chosen.to);
    if (!k) {
        throw usage_error{"the plan has no migration " + *chosen.to};
    }
    return *k;
}

std::optional<std::size_t> assumed_by(apply_options const& chosen, plan::plan const& compiled)
{
    if (!chosen.assume) {
        return std::nullopt;
    }
    if (*chosen.assume == "empty") {
        return 0;
    }
    auto const k = plan::index_of(compiled, *chosen.assume);
    if (!k) {
        throw usage_error{"the plan has no migration " + *chosen.assume + " to assume"};
    }
    return k;
}

/// The objects that --accept-drift names.
std::set<catalog::object_id> accepted_by(apply_options const& chosen, plan::plan const& compiled)
{
    std::set<catalog::object_id> accepted;
    auto const known = plan::timelines_of(compiled);
    for (auto const& given : chosen.accepted_drift) {
        auto named = plan::named_by(given, known);
        if (named.empty()) {
            throw usage_error{"apply: --accept-drift is '" + given + "', and the plan knows no such object",
                              "write it as status prints it: 'column public.customers.email'"};
        }
        accepted.merge(named);
    }
    return accepted;
}

} // namespace

apply_choice resolve(apply_options const& chosen, plan::plan const& compiled)
{
    return {target_of(chosen, compiled), assumed_by(chosen, compiled), accepted_by(chosen, compiled)};
}

} // namespace pgratchet::commands
