// SPDX-License-Identifier: Apache-2.0
#include "plan/effect_only.hpp"

#include "catalog/compare.hpp"
#include "catalog/privileges.hpp"

#include <optional>
#include <set>
#include <sstream>

namespace pgratchet::plan {

namespace {

/// "a=SELECT,UPDATE; PUBLIC=SELECT" as { "a=SELECT", "a=UPDATE", "PUBLIC=SELECT" }.
std::set<std::string> single_privileges(std::string const& text)
{
    std::set<std::string> all;
    std::istringstream grantees{text};
    for (std::string one; std::getline(grantees, one, ';');) {
        one.erase(0, one.find_first_not_of(' '));
        auto const equals = one.rfind('=');
        if (equals == std::string::npos) {
            continue;
        }
        std::istringstream privileges{one.substr(equals + 1)};
        for (std::string privilege; std::getline(privileges, privilege, ',');) {
            all.insert(one.substr(0, equals + 1) + privilege);
        }
    }
    return all;
}

/// The privileges of an object whose list is not set, beside the owner's (PostgreSQL manual, "Privileges", default
/// PUBLIC privileges).
std::string usual_privileges(std::string const& kind)
{
    if (kind == "function" || kind == "procedure" || kind == "aggregate") {
        return "PUBLIC=EXECUTE";
    }
    return kind == "type" || kind == "language" ? "PUBLIC=USAGE" : "";
}

std::set<std::string> privileges_of(catalog::object const* one)
{
    if (one == nullptr) {
        return {};
    }
    return single_privileges(catalog::attribute_of(one, "privileges").value_or(usual_privileges(one->id.kind)));
}

/// With the right to grant it on, or without.
bool has(std::set<std::string> const& privileges, std::string const& one)
{
    return privileges.contains(one) || privileges.contains(one + "*");
}

void check_privileges(std::string const& name, catalog::object const* was, catalog::object const& expected,
                      catalog::object const& found, std::vector<std::string>& objections)
{
    auto const before = privileges_of(was);
    auto const after = privileges_of(&expected);
    auto const there = privileges_of(&found);
    for (auto const& one : after) {
        if (!has(before, one) && !has(there, one) && !catalog::is_owners(one, found)) {
            objections.push_back(name + ": privilege " + one + " expected, and is not granted");
        }
    }
    for (auto const& one : before) {
        bool const is_option = one.ends_with('*');
        auto const privilege = one.substr(0, one.size() - (is_option ? 1 : 0));
        bool const option_stays = is_option && !after.contains(one) && there.contains(one);
        if (option_stays || (!has(after, privilege) && has(there, privilege))) {
            objections.push_back(name + ": privilege " + one + " expected to be revoked, and is granted");
        }
    }
}

} // namespace

std::vector<std::string> effect_only_objections(catalog::object const* was, catalog::object const& expected,
                                                catalog::object const& found, bool has_default_privileges)
{
    std::vector<std::string> objections;
    auto const name = expected.id.kind + " " + expected.id.identity;
    std::string const owner = "owner";
    for (auto const& attribute : {owner, std::string{"comment"}}) {
        auto const wanted = catalog::attribute_of(&expected, attribute);
        bool const is_set_here = was == nullptr || wanted != catalog::attribute_of(was, attribute);
        auto const there = catalog::attribute_of(&found, attribute);
        bool const is_the_deployers = attribute == owner && wanted == catalog::deployer && !there;
        if (is_set_here && wanted != there && !is_the_deployers) {
            objections.push_back(catalog::in_words(expected.id, {attribute, wanted, there}));
        }
    }
    if (was != nullptr || !has_default_privileges) {
        check_privileges(name, was, expected, found, objections);
    }
    return objections;
}

} // namespace pgratchet::plan
