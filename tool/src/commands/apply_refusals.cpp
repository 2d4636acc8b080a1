// SPDX-License-Identifier: Apache-2.0
#include "commands/apply_refusals.hpp"

#include "commands/state_in_words.hpp"
#include "errors.hpp"

#include <cstdio>
#include <optional>
#include <set>
#include <string>

namespace pgratchet::commands {

namespace {

using plan::condition;

void demand_whole_version(plan_source const& source, environment const& where, plan::state const& found,
                          apply_choice const& choice)
{
    auto const refuse = [&](std::string const& why, std::optional<std::string> const& hint) {
        std::fputs(in_words(where.name(), source.compiled, found).c_str(), stderr);
        return state_refused{why + "; nothing was changed", hint.value()};
    };
    auto const mend = what_to_do(source.compiled, found);
    switch (found.is) {
    case condition::drift:
        throw refuse(where.name() + (found.denied_by ? " has lost something since" : " has drifted from the plan"),
                     mend);
    case condition::ambiguous:
        throw refuse("which version " + where.name() + " is at cannot be told from its schema", mend);
    case condition::partial: {
        if (source.compiled.baseline_schema && found.version == 0) {
            throw refuse(where.name() + " has only a part of the baseline " + *source.compiled.baseline, mend);
        }
        bool const is_whole = source.compiled.migrations[found.version].mode == script::transaction_mode::wrapped;
        if (is_whole || choice.target <= found.version) {
            throw refuse("a part of " + plan::version_name(source.compiled, found.version + 1) + " is there already",
                         mend);
        }
        break;
    }
    case condition::empty:
    case condition::applied:
        if (choice.assumed && *choice.assumed != found.version) {
            throw refuse("the schema of " + where.name() + " is that of " +
                             plan::version_name(source.compiled, found.version) + ", which --assume contradicts",
                         "--assume settles an ambiguity, it does not override the catalog");
        }
        break;
    }
}

/// A pending file may pass by accepted drift only if it leaves the object alone, or drops one that is gone already.
void demand_untouched(plan_source const& source, plan::state const& found, std::size_t to)
{
    std::set<catalog::object_id> accepted;
    std::set<catalog::object_id> gone;
    std::set<std::string> identities; // to which others may belong
    for (auto const& one : found.accepted) {
        accepted.insert(one.id);
        if (one.attribute.empty() && !one.actual) {
            gone.insert(one.id);
        }
        identities.insert(one.id.identity);
    }
    for (auto k = found.version + 1; k <= to; ++k) {
        for (auto const& one : source.compiled.migrations[k - 1].changes) {
            bool const is_accepted = accepted.contains(one.id) && (one.after || !gone.contains(one.id));
            if (is_accepted || (one.after && identities.contains(one.after->root))) {
                throw state_refused{
                    source.compiled.migrations[k - 1].file + " works on " + one.id.kind + " " + one.id.identity +
                        (is_accepted ? "" : ", which belongs to " + one.after->root) +
                        ", whose drift cannot be accepted then; nothing was changed",
                    "bring the object back to what the plan expects first; what only has the same name can be renamed"};
            }
        }
    }
}

} // namespace

void demand_primary(database::session& on, environment const& where)
{
    if (on.execute("SELECT pg_catalog.pg_is_in_recovery()").at(0).at(0) == "t") {
        throw configuration_error{where.name() + " is a standby, which takes no changes",
                                  "give the address of the primary"};
    }
}

void demand_good_state(plan_source const& source, environment const& where, plan::state const& found,
                       apply_choice const& choice)
{
    demand_whole_version(source, where, found, choice);
    demand_untouched(source, found, choice.target);
}

} // namespace pgratchet::commands
