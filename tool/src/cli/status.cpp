// SPDX-License-Identifier: Apache-2.0
#include "commands/status.hpp"

#include "cli/command_line.hpp"
#include "commands/history.hpp"
#include "interrupt/watch.hpp"

namespace pgratchet::cli {

namespace {

using texts = std::vector<std::string>;

} // namespace

exit_code run_status(texts const& arguments)
{
    command_line line{
        "status", "Says which migrations have landed, from the live catalog alone. Changes nothing.",
        "--plan FILE --environment NAME (--url-variable VAR | --local DIR) [--format text|json]\n"
        "  pgratchet status --history --plan FILE --environment NAME [--receipts-dir DIR] [--format text|json]"};
    line.add()("plan", "the compiled plan", cxxopts::value<std::string>(), "FILE");
    line.add_choice("format", "", "FORMAT", {{"text", "default"}, {"json"}});
    line.add()("history", "show what was done to the environment instead: its receipts, oldest first")(
        "receipts-dir", "with --history: where receipts are kept (default: ~/.local/state/pgratchet)",
        cxxopts::value<std::string>(), "DIR");
    line.add_connection();
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    auto const format = line.one_of("format").value_or("text");
    if (line.has("history")) {
        return commands::history(
            {line.required("plan"), line.environment_name(), line.path("receipts-dir"), format == "json"});
    }
    if (line.has("receipts-dir")) {
        throw usage_error{"status: --receipts-dir goes with --history"};
    }
    interrupt::watch const signals{line.has("end-with-build")};
    return commands::status({line.required("plan"), line.connection(), format == "json"});
}

} // namespace pgratchet::cli
