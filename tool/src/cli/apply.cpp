// SPDX-License-Identifier: Apache-2.0
#include "commands/apply.hpp"

#include "cli/backup_choice.hpp"
#include "cli/command_line.hpp"
#include "interrupt/watch.hpp"

namespace pgratchet::cli {

namespace {

using texts = std::vector<std::string>;

/// How the backup before the first migration is made; nothing if none is.
std::optional<commands::backup_choice> backup_before(command_line const& line)
{
    auto const when = line.one_of("backup").value_or("never");
    if (when == "required") {
        return backup_choice_of(line, "backup-");
    }
    if (has_backup_options(line, "backup-") && !line.has("backup")) {
        throw usage_error{"apply: an option says how a backup is made, and none is wanted", "add --backup required"};
    }
    return std::nullopt;
}

} // namespace

exit_code run_apply(texts const& arguments)
{
    command_line line{"apply", "Applies pending migrations, each proven before it is committed.",
                      "--plan FILE --environment NAME (--url-variable VAR | --local DIR) [options]"};
    line.add()("plan", "the compiled plan", cxxopts::value<std::string>(),
               "FILE")("to", "stop at this version (default: the newest)", cxxopts::value<std::string>(),
                       "NNN")("dry-run", "play the next transactional migration to its end and roll it back")(
        "lock-timeout", "how long a statement may wait for a lock (default: 5s)", cxxopts::value<std::string>(),
        "TIME")("lock-retries", "how often a migration in a transaction is tried again after that (default: 5)",
                cxxopts::value<std::string>(),
                "N")("patience", "how long to wait for another deployer (default: 5min)", cxxopts::value<std::string>(),
                     "TIME")("assume",
                             "this version, or \"empty\", is what is applied, where the state is ambiguous or a probe "
                             "contradicts the schema",
                             cxxopts::value<std::string>(), "NNN")(
        "accept-drift", "let the drift of this object pass: 'KIND IDENTITY', or the identity alone (may be repeated)",
        cxxopts::value<texts>(),
        "OBJECT")("receipts-dir", "where receipts are kept (default: ~/.local/state/pgratchet)",
                  cxxopts::value<std::string>(), "DIR");
    line.add_choice("backup", "make a backup first", "WHEN",
                    {{"required", "if anything is pending"}, {"never", "default"}});
    add_backup_options(line, "backup-");
    line.add()("no-preflight", "do not look first whether the role may do what the migrations need");
    line.add_connection();
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    commands::apply_options chosen;
    chosen.plan = line.required("plan");
    chosen.connection = line.connection();
    chosen.to = line.optional("to");
    chosen.how.dry_run = line.has("dry-run");
    chosen.how.one_by_one = chosen.how.dry_run;
    chosen.how.lock_timeout = line.duration("lock-timeout").value_or(chosen.how.lock_timeout);
    chosen.how.lock_retries = line.count("lock-retries", 1000).value_or(chosen.how.lock_retries);
    chosen.patience = line.duration("patience").value_or(chosen.patience);
    chosen.assume = line.optional("assume");
    auto const accepted = line.list("accept-drift");
    chosen.accepted_drift = {accepted.begin(), accepted.end()};
    chosen.receipts = line.path("receipts-dir");
    chosen.backup = backup_before(line);
    chosen.no_preflight = line.has("no-preflight");
    interrupt::watch const signals{line.has("end-with-build")};
    return commands::apply(chosen);
}

} // namespace pgratchet::cli
