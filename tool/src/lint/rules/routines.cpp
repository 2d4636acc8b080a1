// SPDX-License-Identifier: Apache-2.0
// Functions and procedures.
#include "lint/deeds.hpp"
#include "lint/rules/rules.hpp"

namespace pgratchet::lint::rules {

namespace {

bool has_search_path(catalog::object const& routine)
{
    auto const settings = attribute(&routine, "settings");
    return settings.starts_with("search_path=") || settings.find("; search_path=") != std::string::npos;
}

/// A body in SQL's own form is bound to its objects when it is made, and looks nothing up by name later.
bool is_bound(catalog::object const& routine)
{
    auto const body = attribute(&routine, "body");
    return attribute(&routine, "language") == "sql" &&
           (body.starts_with("BEGIN ATOMIC") || body.starts_with("RETURN "));
}

bool is_open(catalog::object const* routine)
{
    return routine != nullptr && !attribute(routine, "security definer").empty() && !has_search_path(*routine) &&
           !is_bound(*routine);
}

} // namespace

std::vector<finding> definer_without_path(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& change : migration.changes) {
        bool const is_routine = change.id.kind == "function" || change.id.kind == "procedure";
        if (is_routine && change.after && is_open(&*change.after) && !is_open(migration.was(change.id))) {
            found.push_back({place_of(migration, change.id),
                             "the " + change.id.kind + " " + change.id.identity +
                                 " has its owner's rights and its caller's search_path: a caller can put objects of "
                                 "his own in the place of those that it means",
                             {},
                             "add SET search_path = NAMES_OF_YOUR_SCHEMAS, pg_temp to it"});
        }
    }
    return found;
}

} // namespace pgratchet::lint::rules
