// SPDX-License-Identifier: Apache-2.0
#include "commands/rehearse.hpp"

#include "cli/backup_choice.hpp"
#include "cli/command_line.hpp"
#include "commands/find_backup.hpp"
#include "commands/plan_source.hpp"
#include "interrupt/watch.hpp"
#include "report/receipt.hpp"

namespace pgratchet::cli {

namespace {

using texts = std::vector<std::string>;

void add_rehearse_options(command_line& line)
{
    line.add()("plan", "the compiled plan", cxxopts::value<std::string>(),
               "FILE")("data-dir", "folder of a private server to rehearse on", cxxopts::value<std::string>(), "DIR")(
        "shadow-url-variable", "environment variable with the connection string of a server to use instead",
        cxxopts::value<std::string>(), "VAR")(
        "from", "the archive: a path, or its name in the folder for backups (default: the newest)",
        cxxopts::value<std::string>(), "FILE")("new-backup", "make a backup first; so it is, too, if there is none")(
        "restore-jobs", "how many tables are restored at a time (default: 1)", cxxopts::value<std::string>(),
        "N")("receipts-dir", "where receipts are kept (default: ~/.local/state/pgratchet)",
             cxxopts::value<std::string>(), "DIR");
    add_backup_options(line, "");
    line.add_connection();
}

} // namespace

exit_code run_rehearse(texts const& arguments)
{
    command_line line{"rehearse",
                      "Restores a backup into a throwaway database, applies there what is pending, and prints each "
                      "statement's time.",
                      "--plan FILE --environment NAME (--data-dir DIR | --shadow-url-variable VAR) ..."};
    add_rehearse_options(line);
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    interrupt::watch const signals{line.has("end-with-build")};
    commands::rehearse_options chosen;
    chosen.plan = line.required("plan");
    chosen.environment = line.environment_name();
    if (line.has("url-variable") || line.has("local")) {
        chosen.connection = line.connection();
    } else {
        line.take_trusted_key();
    }
    chosen.bindir = line.path("pg-bindir");
    if (line.has("data-dir") == line.has("shadow-url-variable")) {
        throw usage_error{"rehearse: give one of --data-dir and --shadow-url-variable"};
    }
    chosen.data_dir = line.path("data-dir");
    chosen.shadow_url_variable = line.variable("shadow-url-variable");
    chosen.backups = backup_choice_of(line, "");
    chosen.receipts = line.path("receipts-dir");
    chosen.new_backup = line.has("new-backup");
    if (auto const named = line.optional("from")) {
        if (chosen.new_backup) {
            throw usage_error{"rehearse: give one of --from and --new-backup"};
        }
        auto const receipts = chosen.receipts.value_or(report::default_receipts_folder());
        chosen.from =
            commands::find_backup(*named, commands::backup_folder(chosen.backups.folder, receipts, chosen.environment),
                                  commands::project_of(chosen.plan), chosen.environment);
    }
    constexpr int most_jobs = 100;
    chosen.jobs = line.count("restore-jobs", most_jobs).value_or(1);
    if (chosen.jobs < 1) {
        throw usage_error{"rehearse: --restore-jobs is 0", "write 1 or more"};
    }
    return commands::rehearse(chosen);
}

} // namespace pgratchet::cli
