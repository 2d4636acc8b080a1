// SPDX-License-Identifier: Apache-2.0
#include "commands/backup.hpp"

#include "cli/backup_choice.hpp"
#include "cli/command_line.hpp"
#include "interrupt/watch.hpp"

namespace pgratchet::cli {

exit_code run_backup(std::vector<std::string> const& arguments)
{
    command_line line{"backup",
                      "Makes a backup with pg_dump, verifies it, and writes a receipt beside it. Prints its path. "
                      "Migrations wait meanwhile.",
                      "--plan FILE --environment NAME (--url-variable VAR | --local DIR) [options]"};
    line.add()("plan", "the compiled plan", cxxopts::value<std::string>(), "FILE")(
        "patience", "how long to wait for another deployer (default: 5min)", cxxopts::value<std::string>(),
        "TIME")("receipts-dir", "where receipts are kept (default: ~/.local/state/pgratchet)",
                cxxopts::value<std::string>(), "DIR");
    add_backup_options(line, "");
    line.add_connection();
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    commands::backup_options chosen;
    chosen.plan = line.required("plan");
    chosen.connection = line.connection();
    chosen.patience = line.duration("patience").value_or(chosen.patience);
    chosen.receipts = line.path("receipts-dir");
    chosen.how = backup_choice_of(line, "");
    interrupt::watch const signals{line.has("end-with-build")};
    return commands::backup(chosen);
}

} // namespace pgratchet::cli
