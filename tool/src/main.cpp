// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"
#include "cli/documentation.hpp"
#include "database/session.hpp"
#include "interrupt/watch.hpp"
#include "report/diagnosed.hpp"
#include "report/print.hpp"
#include "script/grammar.hpp"

#include <algorithm>
#include <cstdio>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <utility>

namespace {

using pgratchet::exit_code;

void print_help()
{
    std::puts("pgratchet: PostgreSQL migrations as a build\n\nUsage:\n  pgratchet COMMAND [options]\n\nCommands:");
    for (auto const& one : pgratchet::cli::commands()) {
        std::printf("  %-10s %s\n", std::string{one.name}.c_str(), std::string{one.summary}.c_str());
    }
    constexpr std::size_t width = 100;
    std::string line = "\nEach command has its own --help. Exit codes:";
    auto const& codes = pgratchet::cli::exit_code_texts();
    for (auto const& one : codes) {
        auto const word = std::to_string(one.code) + " " + std::string{one.text} + (&one == &codes.back() ? "." : ",");
        if (line.size() + 1 + word.size() > width) {
            std::puts(line.c_str());
            line = word;
        } else {
            line += " " + word;
        }
    }
    std::puts(line.c_str());
}

void start_log()
{
    auto logger = spdlog::stderr_logger_st("pgratchet");
    logger->set_pattern("pgratchet: %v");
    spdlog::set_default_logger(std::move(logger));
}

exit_code run(std::vector<std::string> arguments)
{
    if (arguments.empty()) {
        throw pgratchet::usage_error{"no command is given", "see: pgratchet --help"};
    }
    auto name = arguments.front();
    arguments.erase(arguments.begin());
    if (name == "help" && !arguments.empty()) { // "help apply" is "apply --help"
        name = std::exchange(arguments.front(), "--help");
    }
    if (name == "--help" || name == "-h" || name == "help") {
        print_help();
        return exit_code::done;
    }
    if (name == "--version") {
        std::puts("pgratchet " PGRATCHET_VERSION);
        return exit_code::done;
    }
    if (name == "--documentation" && arguments.size() == 1) { // for the build
        pgratchet::cli::write_documentation(arguments.front());
        return exit_code::done;
    }
    auto const& all = pgratchet::cli::commands();
    auto const place = std::find_if(all.begin(), all.end(), [&](auto const& one) { return one.name == name; });
    if (place == all.end()) {
        throw pgratchet::usage_error{"there is no command '" + name + "'", "see: pgratchet --help"};
    }
    return place->run(arguments);
}

exit_code tell(exit_code code, std::string const& message, std::optional<std::string> const& hint)
{
    spdlog::error("error: {}", message);
    if (hint) {
        spdlog::error("hint: {}", *hint);
    }
    return code;
}

/// Runs the command, and says what ended it.
exit_code run_to_its_end(std::vector<std::string> const& arguments) noexcept
{
    try {
        return run(arguments);
    } catch (pgratchet::report::diagnosed const& problem) {
        pgratchet::report::print(problem.what_and_where());
        return problem.code();
    } catch (pgratchet::failure const& problem) {
        return tell(problem.code(), problem.what(), problem.hint());
    } catch (pgratchet::database::connection_lost const& problem) {
        auto const& hint = problem.fields().hint;
        return tell(exit_code::configuration, problem.what(), hint.empty() ? std::nullopt : std::optional{hint});
    } catch (pgratchet::database::sql_error const& problem) {
        auto const& hint = problem.fields().hint;
        return tell(exit_code::sql_failed, std::string{problem.what()} + " [" + problem.sqlstate() + "]",
                    hint.empty() ? std::nullopt : std::optional{hint});
    } catch (std::exception const& problem) {
        return tell(exit_code::internal, std::string{"internal error: "} + problem.what(),
                    "this is a defect of pgratchet: please report it");
    }
}

} // namespace

int main(int argc, char** argv)
{
    start_log();
    pgratchet::script::let_main_stack_grow();
    auto const code = run_to_its_end({argv + 1, argv + argc});
    constexpr int by_signal = 128;
    if (static_cast<int>(code) > by_signal) {
        pgratchet::interrupt::end_by(static_cast<int>(code) - by_signal);
    }
    return static_cast<int>(code);
}
