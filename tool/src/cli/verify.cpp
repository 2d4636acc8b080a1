// SPDX-License-Identifier: Apache-2.0
#include "commands/verify.hpp"

#include "cli/command_line.hpp"
#include "interrupt/watch.hpp"

namespace pgratchet::cli {

namespace {

using texts = std::vector<std::string>;

} // namespace

exit_code run_verify(texts const& arguments)
{
    command_line line{
        "verify",
        "Checks the live schema against the plan, object by object, and asks the hand-written probes. Changes nothing.",
        "--plan FILE --environment NAME (--url-variable VAR | --local DIR) [--save REPORT]\n"
        "  pgratchet verify --plan FILE --report REPORT --only CHECK"};
    line.add()("plan", "the compiled plan", cxxopts::value<std::string>(),
               "FILE")("save", "write what was found as a report", cxxopts::value<std::string>(), "REPORT")(
        "report", "read a report instead of an environment", cxxopts::value<std::string>(),
        "REPORT")("only", "with --report: migration.NNN, probe.NAME, schema.version, schema.drift or schema.privileges",
                  cxxopts::value<std::string>(), "CHECK");
    line.add_connection();
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    if (line.has("report") != line.has("only")) {
        throw usage_error{"verify: --report and --only go together"};
    }
    if (line.has("report")) {
        return commands::verify_from_report({line.required("plan"), line.required("report"), line.required("only")});
    }
    commands::verify_options chosen{line.required("plan"), line.connection(), std::nullopt};
    chosen.save = line.path("save");
    interrupt::watch const signals{line.has("end-with-build")};
    return commands::verify(chosen);
}

} // namespace pgratchet::cli
