// SPDX-License-Identifier: Apache-2.0
#include "commands/verify.hpp"

#include "commands/checks.hpp"
#include "commands/downgrade.hpp"
#include "commands/plan_source.hpp"
#include "commands/privileges_check.hpp"
#include "files/files.hpp"
#include "plan/take_back.hpp"
#include "script/checksum.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr auto report_format = "pgratchet verification";

/// Asks a probe, unless its migration is taken back where the environment stands: then it may say whatever it likes.
probe_result result_of(database::session& on, plan::plan const& compiled, plan::probe const& one, std::size_t version)
{
    auto const by = plan::in_force_against(compiled, plan::index_of(compiled, one.version).value_or(0), version);
    if (by) {
        return {{}, {}, compiled.migrations[*by - 1].file};
    }
    probe_result result;
    result.answer = ask(on, compiled, one, &result.why);
    return result;
}

std::vector<check> check_environment(plan_source source, environment const& where)
{
    auto const session = where.connect("pgratchet verify");
    source.compiled = seen_by(*session, std::move(source.compiled));
    auto const at = locate_environment(*session, source.compiled, {}, std::nullopt);
    std::vector<probe_result> answers;
    for (auto const& probe : source.compiled.probes) {
        answers.push_back(result_of(*session, source.compiled, probe, at.found.version));
    }
    auto checks = run_checks(where.name(), source.compiled, at, answers);
    if (auto privileges = privileges_check(*session, where, source.compiled, at)) {
        checks.push_back(std::move(*privileges));
    }
    if (auto const why = why_too_old(source, at, where.name())) {
        for (auto& one : checks) {
            if (one.name == "schema.version") {
                one.passed = false;
                one.lines.push_back(*why);
            }
        }
    }
    return checks;
}

void print(check const& one)
{
    for (auto const& line : one.lines) {
        std::printf("  %s%s", line.c_str(), line.ends_with('\n') ? "" : "\n");
    }
}

ordered_json as_json(std::vector<check> const& checks, std::string const& plan_sha256)
{
    ordered_json out{{"format", report_format}, {"plan_sha256", plan_sha256}, {"checks", ordered_json::object()}};
    for (auto const& one : checks) {
        out["checks"][one.name] = {{"passed", one.passed}, {"lines", one.lines}};
    }
    return out;
}

} // namespace

exit_code verify(verify_options const& chosen)
{
    auto const source = load_plan(chosen.plan);
    environment const where{chosen.connection, source.compiled.roles};
    auto const checks = check_environment(source, where);
    if (chosen.save) {
        files::write(*chosen.save, as_json(checks, source.sha256).dump(1) + "\n");
        return exit_code::done;
    }
    for (auto const& one : checks) {
        std::printf("%s %s\n", one.passed ? "passed" : "FAILED", one.name.c_str());
        if (!one.passed || one.is_moot) {
            print(one);
        }
    }
    bool const all_passed = std::all_of(checks.begin(), checks.end(), [](check const& one) { return one.passed; });
    return all_passed ? exit_code::done : exit_code::state_refused;
}

exit_code verify_from_report(verify_report_options const& chosen)
{
    auto const name = chosen.report.string();
    if (!std::filesystem::exists(chosen.report)) {
        throw configuration_error{"there is no report at " + name,
                                  "the test schema.snapshot writes it: did that fail?"};
    }
    check found{chosen.only, false, {}};
    try {
        auto const report = json::parse(files::read(chosen.report));
        if (report.value("format", "") != report_format) {
            throw configuration_error{name + " is no report of a verification"};
        }
        if (report.at("plan_sha256") != script::sha256(files::read(chosen.plan))) {
            throw state_refused{name + " is about another plan than " + chosen.plan.string(),
                                "run the test schema.snapshot again"};
        }
        if (!report.at("checks").contains(chosen.only)) {
            throw configuration_error{"the plan has no check " + chosen.only,
                                      "were files added since CMake configured? configure again"};
        }
        auto const& entry = report["checks"][chosen.only];
        found.passed = entry.at("passed").get<bool>();
        found.lines = entry.at("lines").get<std::vector<std::string>>();
    } catch (json::exception const& problem) {
        throw configuration_error{name + " is damaged: " + problem.what(), "run the test schema.snapshot again"};
    }
    std::printf("%s %s\n", found.passed ? "passed" : "FAILED", found.name.c_str());
    print(found);
    return found.passed ? exit_code::done : exit_code::state_refused;
}

} // namespace pgratchet::commands
