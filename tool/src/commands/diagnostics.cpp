// SPDX-License-Identifier: Apache-2.0
#include "commands/diagnostics.hpp"

#include "lint/warning.hpp"
#include "report/print.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace pgratchet::commands {

namespace {

/// PGRATCHET_HOMEPAGE is empty in a build of a project without one.
std::string page_of(std::string_view warning)
{
    constexpr char home[] = PGRATCHET_HOMEPAGE;
    return sizeof home == 1 ? "" : std::string{home} + "/docs/warnings/" + std::string{warning} + ".md";
}

std::vector<report::rule> known_rules()
{
    std::vector<report::rule> rules;
    for (auto const& one : lint::all_warnings()) {
        rules.push_back({std::string{one.name}, std::string{one.summary}, page_of(one.name),
                         one.by_default == lint::level::error ? report::severity::error : report::severity::warning});
    }
    return rules;
}

std::string counted(std::size_t number, char const* what)
{
    return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

} // namespace

diagnostics::diagnostics(report::format chosen, lint::choice warnings) : m_format{chosen}, m_policy{std::move(warnings)}
{
}

void diagnostics::add(script::script const& file, bool quiet)
{
    if (quiet) {
        m_quiet.insert(file.file);
        return;
    }
    m_policy.add(file);
    (*this)(lint::wrong_allowances(file));
}

void diagnostics::operator()(report::diagnostic given)
{
    if (given.level == report::severity::warning && m_quiet.contains(given.where.file)) {
        return;
    }
    auto const one = m_policy.judge(std::move(given));
    if (!one) {
        return;
    }
    m_errors += one->level == report::severity::error ? 1U : 0U;
    m_warnings += one->level == report::severity::warning ? 1U : 0U;
    report::print(*one);
    if (m_format == report::format::github) {
        std::fputs((report::to_github(*one) + "\n").c_str(), stdout);
        std::fflush(stdout); // in order with what is said on stderr, where both go to one log
    } else if (m_format != report::format::gcc) {
        m_all.push_back(*one);
    }
}

void diagnostics::operator()(std::vector<report::diagnostic> several)
{
    for (auto& one : several) {
        (*this)(std::move(one));
    }
}

void diagnostics::report_unused_allowances()
{
    (*this)(m_policy.unused_allowances());
}

std::string diagnostics::count() const
{
    auto const errors = m_errors == 0 ? "" : counted(m_errors, "error");
    auto const warnings = m_warnings == 0 ? "" : counted(m_warnings, "warning");
    return errors + (errors.empty() || warnings.empty() ? "" : ", ") + warnings;
}

void diagnostics::note_failure(std::string message, std::optional<std::string> hint)
{
    m_all.push_back({report::severity::error, {}, std::move(message), "", {}, std::move(hint)});
}

void diagnostics::finish(exit_code code) const
{
    if (m_format != report::format::json && m_format != report::format::sarif) {
        return;
    }
    report::run_of_command const run{PGRATCHET_VERSION, std::filesystem::current_path().string(), known_rules(), m_all,
                                     static_cast<int>(code)};
    auto const document = m_format == report::format::json ? report::to_json(run) : report::to_sarif(run);
    std::fputs(document.c_str(), stdout);
}

} // namespace pgratchet::commands
