// SPDX-License-Identifier: Apache-2.0
#include "lint/policy.hpp"

#include "errors.hpp"
#include "lint/warning.hpp"

#include <algorithm>
#include <utility>

namespace pgratchet::lint {

namespace {

constexpr auto server_warning = "server-warning";
constexpr auto unused_allow = "unused-allow";

std::string hint_for_unknown(std::string const& name)
{
    auto const meant = nearest_name(name);
    return (meant ? "did you mean " + *meant + "? " : "") + "there are: " + all_names();
}

bool is_before(report::location const& a, report::location const& b)
{
    return std::pair{a.line, a.column} < std::pair{b.line, b.column};
}

} // namespace

void demand_known_names(choice const& chosen)
{
    for (auto const* const names : {&chosen.errors, &chosen.off, &chosen.on}) {
        for (auto const& name : *names) {
            if (find_warning(name) == nullptr) {
                throw usage_error{"there is no warning '" + name + "'", hint_for_unknown(name)};
            }
        }
    }
    for (auto const& name : chosen.off) {
        if (chosen.on.contains(name) || chosen.errors.contains(name)) {
            throw usage_error{"the warning " + name + " is switched both on and off"};
        }
    }
}

std::vector<report::diagnostic> wrong_allowances(script::script const& file)
{
    std::vector<report::diagnostic> wrong;
    for (auto const& one : file.allowances) {
        if (find_warning(one.warning) == nullptr) {
            wrong.push_back({report::severity::error,
                             one.where,
                             "there is no warning '" + one.warning + "' to allow",
                             "unknown-warning",
                             {},
                             hint_for_unknown(one.warning)});
        }
    }
    return wrong;
}

void policy::add(script::script const& file)
{
    for (auto const& one : file.allowances) {
        m_allowances.push_back({one});
    }
}

std::optional<report::diagnostic> policy::judge(report::diagnostic given)
{
    if (given.level != report::severity::warning) {
        return given;
    }
    auto const name = find_warning(given.name) == nullptr ? server_warning : given.name;
    if (is_allowed(name, given.where) || is_off(name)) {
        return std::nullopt;
    }
    given.level = severity_of(name);
    bool const by_choice = given.level == report::severity::error && find_warning(name)->by_default != level::error;
    given.option = (by_choice ? "-Werror=" : "-W") + name;
    return given;
}

std::vector<report::diagnostic> policy::unused_allowances()
{
    std::vector<report::diagnostic> unused;
    for (auto const& one : m_allowances) {
        if (one.used || is_off(one.what.warning) || one.what.warning == unused_allow) {
            continue;
        }
        auto judged = judge({report::severity::warning,
                             one.what.where,
                             "nothing here gives the warning " + one.what.warning,
                             unused_allow,
                             {},
                             "take the comment out"});
        if (judged) {
            unused.push_back(std::move(*judged));
        }
    }
    return unused;
}

bool policy::is_allowed(std::string const& name, report::location const& where)
{
    bool allowed = false;
    for (auto& one : m_allowances) {
        // The comments before a statement belong to it, so that `unused-allow` can be allowed, too.
        auto const& from = name == unused_allow ? one.what.where : one.what.begin;
        if (one.what.warning == name && one.what.where.file == where.file && !is_before(where, from) &&
            is_before(where, one.what.end)) {
            one.used = allowed = true;
        }
    }
    return allowed;
}

report::severity policy::severity_of(std::string const& name) const
{
    bool const error =
        m_chosen.all_are_errors || m_chosen.errors.contains(name) || find_warning(name)->by_default == level::error;
    return error ? report::severity::error : report::severity::warning;
}

bool policy::is_off(std::string const& name) const
{
    bool const wanted = m_chosen.on.contains(name) || m_chosen.errors.contains(name);
    auto const* const known = find_warning(name);
    return m_chosen.off.contains(name) || (known != nullptr && known->by_default == level::off && !wanted);
}

} // namespace pgratchet::lint
