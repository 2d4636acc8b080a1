// SPDX-License-Identifier: Apache-2.0
// Objects that a file drops and makes again: what was said of them with GRANT and COMMENT is gone.
#include "lint/deeds.hpp"
#include "lint/rules/rules.hpp"

#include <algorithm>
#include <set>
#include <sstream>

namespace pgratchet::lint::rules {

namespace {

using grants = std::set<std::string>;

bool is_routine(catalog::object_id const& id)
{
    return id.kind == "function" || id.kind == "procedure" || id.kind == "aggregate";
}

/// "app=INSERT,SELECT; PUBLIC=EXECUTE" as "app=INSERT", "app=SELECT", "PUBLIC=EXECUTE". Without any word about
/// privileges everybody may execute a routine and use a type (PostgreSQL manual, "Privileges").
grants grants_of(catalog::object const& of)
{
    grants all;
    if (!of.attributes.contains("privileges")) {
        if (is_routine(of.id)) {
            all.insert("PUBLIC=EXECUTE");
        } else if (of.id.kind == "type") {
            all.insert("PUBLIC=USAGE");
        }
        return all;
    }
    std::istringstream roles{attribute(&of, "privileges")};
    for (std::string role; std::getline(roles, role, ';');) {
        auto const equals = role.rfind('=');
        auto const begin = role.find_first_not_of(' ');
        if (equals == std::string::npos || begin == std::string::npos) {
            continue;
        }
        std::istringstream privileges{role.substr(equals + 1)};
        for (std::string one; std::getline(privileges, one, ',');) {
            all.insert(role.substr(begin, equals - begin) + "=" + one);
        }
    }
    return all;
}

/// What is in `these` and not in `those`, as "SELECT for app".
std::vector<std::string> without(grants const& these, grants const& those)
{
    std::vector<std::string> all;
    for (auto const& one : these) {
        if (!those.contains(one)) {
            auto const equals = one.rfind('=');
            all.push_back(one.substr(equals + 1) + " for " + one.substr(0, equals));
        }
    }
    return all;
}

/// For each object that was there before, was dropped and is there again: how it was and how it is.
template <class Function>
void each_recreated(migration_facts const& migration, Function look)
{
    std::set<catalog::object_id> seen;
    for (auto const& one : deeds_of(migration)) {
        auto const* const was = one.drops() ? catalog::find(migration.before, one.what->id) : nullptr;
        auto const* const is = object_after(migration, one.what->id);
        if (was != nullptr && is != nullptr && seen.insert(one.what->id).second) {
            look(one, *was, *is);
        }
    }
}

} // namespace

std::vector<finding> privileges_lost(migration_facts const& migration)
{
    std::vector<finding> found;
    each_recreated(migration, [&](deed const& one, catalog::object const& was, catalog::object const& is) {
        auto details = without(grants_of(was), grants_of(is));
        for (auto& each : details) {
            each = "gone: " + each;
        }
        for (auto const& each : without(grants_of(is), grants_of(was))) {
            if (each.ends_with(" for PUBLIC")) {
                details.push_back("given: " + each);
            }
        }
        auto const owner = attribute(&was, "owner");
        if (owner != attribute(&is, "owner")) {
            details.push_back("owner: " + (owner.empty() ? "the deployer" : owner) + " no longer");
        }
        if (!details.empty()) {
            found.push_back({place_of(migration, one),
                             "the " + one.what->id.kind + " " + one.what->id.identity +
                                 " is dropped and made again, without the privileges that it had",
                             std::move(details),
                             "change it by ALTER or CREATE OR REPLACE, which keep them; or grant them again"});
        }
    });
    return found;
}

std::vector<finding> comment_lost(migration_facts const& migration)
{
    std::vector<finding> found;
    each_recreated(migration, [&](deed const& one, catalog::object const& was, catalog::object const& is) {
        if (!attribute(&was, "comment").empty() && attribute(&is, "comment").empty()) {
            found.push_back({place_of(migration, one),
                             "the " + one.what->id.kind + " " + one.what->id.identity +
                                 " is dropped and made again, without the comment that it had",
                             {},
                             "change it by ALTER or CREATE OR REPLACE, which keep it; or write the comment again"});
        }
    });
    return found;
}

} // namespace pgratchet::lint::rules
