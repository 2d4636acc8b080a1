// SPDX-License-Identifier: Apache-2.0
// The table of contents of the executor, and how the arguments of each command become its options.
#include "cli/command_line.hpp"
#include "commands/apply.hpp"
#include "commands/compile.hpp"
#include "commands/server.hpp"
#include "commands/status.hpp"
#include "commands/verify.hpp"

#include <charconv>
#include <map>
#include <regex>

namespace pgratchet::cli {

namespace {

using text = std::string;
using texts = std::vector<std::string>;

/// "kind|identity pattern|attribute|reason"
plan::ignore_rule ignore_rule_from(std::string const& given)
{
    texts parts{""};
    for (char const c : given) {
        if (c == '|' && parts.size() < 4) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    if (parts.size() != 4 || std::any_of(parts.begin(), parts.end(), [](text const& one) { return one.empty(); })) {
        throw usage_error{"compile: --ignore is '" + given + "', which does not have four parts",
                          "write KIND|IDENTITY|ATTRIBUTE|REASON: 'index|public.*_tmp|*|made by the nightly job'"};
    }
    return {parts[0], parts[1], parts[2], parts[3]};
}

/// Names of schemas, with commas between; it goes into a SET statement as it is.
bool is_schema_list(std::string const& given)
{
    static std::regex const form{R"(\s*([a-z_][a-z0-9_]*|"[^"]+")(\s*,\s*([a-z_][a-z0-9_]*|"[^"]+"))*\s*)"};
    return std::regex_match(given, form);
}

template <typename Target>
void set_path(Target& target, std::optional<text> const& value)
{
    if (value) {
        target = *value;
    }
}

int count_from(std::string const& option, std::string const& given)
{
    int number = -1;
    auto const [end, problem] = std::from_chars(given.data(), given.data() + given.size(), number);
    if (problem != std::errc{} || end != given.data() + given.size() || number < 0 || number > 1000) {
        throw usage_error{"apply: --" + option + " is '" + given + "', which is no number from 0 to 1000"};
    }
    return number;
}

} // namespace

std::vector<command> const& commands()
{
    static std::vector<command> const all{
        {"compile", "replay the migrations on a throwaway server and write the plan", run_compile},
        {"status", "say where an environment stands", run_status},
        {"apply", "bring an environment up to a version", run_apply},
        {"verify", "check the live schema against the plan", run_verify},
        {"server", "start and stop a local server", run_server},
    };
    return all;
}

exit_code run_compile(texts const& arguments)
{
    command_line line{
        "compile", "Replays the migrations on a throwaway PostgreSQL and writes down what each did: the plan.",
        "--migrations DIR [--probes DIR] --plan FILE (--data-dir DIR | --shadow-url-variable VAR) [options]"};
    line.add()("migrations", "folder of NNN_description.sql files", cxxopts::value<text>(),
               "DIR")("probes", "folder of hand-written probes, NNN_name.sql", cxxopts::value<text>(),
                      "DIR")("plan", "the plan file to write", cxxopts::value<text>(),
                             "FILE")("data-dir", "folder for the throwaway server", cxxopts::value<text>(), "DIR")(
        "shadow-url-variable", "environment variable with the connection string of a server to use instead",
        cxxopts::value<text>(), "VAR")("pg-bindir", "where initdb and pg_ctl are", cxxopts::value<text>(), "DIR")(
        "baseline", "version up to which the history is taken as given", cxxopts::value<text>(), "NNN")(
        "baseline-schema", "pg_dump schema file that stands for the files up to the baseline", cxxopts::value<text>(),
        "FILE")("role", "a role that the migrations name (may be repeated)", cxxopts::value<texts>(), "NAME")(
        "search-path", "search_path that every migration starts with (default: public)", cxxopts::value<text>(),
        "LIST")("ignore", "a difference that is no drift: KIND|IDENTITY|ATTRIBUTE|REASON (may be repeated)",
                cxxopts::value<texts>(), "RULE")(
        "job-managed-partitions", "partitioned table whose partitions a job makes and drops (may be repeated)",
        cxxopts::value<texts>(), "TABLE");
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    commands::compile_options chosen;
    chosen.migrations = line.required("migrations");
    chosen.plan = line.required("plan");
    set_path(chosen.probes, line.optional("probes"));
    set_path(chosen.data_dir, line.optional("data-dir"));
    set_path(chosen.bindir, line.optional("pg-bindir"));
    chosen.shadow_url_variable = line.variable("shadow-url-variable");
    chosen.baseline = line.optional("baseline");
    set_path(chosen.baseline_schema, line.optional("baseline-schema"));
    chosen.roles = line.list("role");
    chosen.job_managed_partitions = line.list("job-managed-partitions");
    chosen.search_path = line.optional("search-path").value_or(chosen.search_path);
    if (!is_schema_list(chosen.search_path)) {
        throw usage_error{"compile: --search-path is '" + chosen.search_path + "', which is no list of schemas",
                          "write names with commas between, in double quotes where SQL asks for them: app, public"};
    }
    for (auto const& one : line.list("ignore")) {
        chosen.ignored.push_back(ignore_rule_from(one));
    }
    if (line.has("data-dir") == line.has("shadow-url-variable")) {
        throw usage_error{"compile: give one of --data-dir and --shadow-url-variable"};
    }
    if (chosen.baseline_schema && !chosen.baseline) {
        throw usage_error{"compile: --baseline-schema needs --baseline, the version that it is a dump of"};
    }
    return commands::compile(chosen);
}

exit_code run_status(texts const& arguments)
{
    command_line line{"status", "Says which migrations have landed, from the live catalog alone. Changes nothing.",
                      "--plan FILE --environment NAME (--url-variable VAR | --local DIR) [--format text|json]"};
    line.add()("plan", "the compiled plan", cxxopts::value<text>(), "FILE")("format", "text (default) or json",
                                                                            cxxopts::value<text>(), "FORMAT");
    line.add_connection();
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    auto const format = line.optional("format").value_or("text");
    if (format != "text" && format != "json") {
        throw usage_error{"status: --format is '" + format + "'", "write text or json"};
    }
    return commands::status({line.required("plan"), line.connection(), format == "json"});
}

exit_code run_apply(texts const& arguments)
{
    command_line line{"apply", "Applies pending migrations, each proven before it is committed.",
                      "--plan FILE --environment NAME (--url-variable VAR | --local DIR) [options]"};
    line.add()("plan", "the compiled plan", cxxopts::value<text>(),
               "FILE")("to", "stop at this version (default: the newest)", cxxopts::value<text>(),
                       "NNN")("dry-run", "play the next transactional migration to its end and roll it back")(
        "lock-timeout", "how long a statement may wait for a lock (default: 5s)", cxxopts::value<text>(), "TIME")(
        "lock-retries", "how often a migration is tried again after that (default: 5)", cxxopts::value<text>(),
        "N")("patience", "how long to wait for another deployer (default: 5min)", cxxopts::value<text>(),
             "TIME")("assume", "settle an ambiguous state: this version is applied", cxxopts::value<text>(), "NNN")(
        "accept-drift", "let this object's drift pass (may be repeated)", cxxopts::value<texts>(), "IDENTITY")(
        "receipts-dir", "where receipts are kept (default: ~/.local/state/pgratchet)", cxxopts::value<text>(), "DIR");
    line.add_connection();
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    commands::apply_options chosen;
    chosen.plan = line.required("plan");
    chosen.connection = line.connection();
    chosen.to = line.optional("to");
    chosen.how.dry_run = line.has("dry-run");
    chosen.how.lock_timeout = line.duration("lock-timeout").value_or(chosen.how.lock_timeout);
    if (auto const given = line.optional("lock-retries")) {
        chosen.how.lock_retries = count_from("lock-retries", *given);
    }
    chosen.patience = line.duration("patience").value_or(chosen.patience);
    chosen.assume = line.optional("assume");
    auto const accepted = line.list("accept-drift");
    chosen.accepted_drift = {accepted.begin(), accepted.end()};
    set_path(chosen.receipts, line.optional("receipts-dir"));
    return commands::apply(chosen);
}

exit_code run_verify(texts const& arguments)
{
    command_line line{
        "verify",
        "Checks the live schema against the plan, object by object, and asks the hand-written probes. Changes nothing.",
        "--plan FILE --environment NAME (--url-variable VAR | --local DIR) [--save REPORT]\n"
        "  pgratchet verify --plan FILE --report REPORT --only CHECK"};
    line.add()("plan", "the compiled plan", cxxopts::value<text>(),
               "FILE")("save", "write what was found as a report", cxxopts::value<text>(),
                       "REPORT")("report", "read a report instead of an environment", cxxopts::value<text>(), "REPORT")(
        "only", "with --report: migration.NNN, probe.NAME, schema.version or schema.drift", cxxopts::value<text>(),
        "CHECK");
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
    set_path(chosen.save, line.optional("save"));
    return commands::verify(chosen);
}

exit_code run_server(texts const& arguments)
{
    command_line line{"server",
                      "Starts a local server to stay, stops it, says whether it runs, or prints how to connect to it.",
                      "start|stop|status|url --data-dir DIR [--database NAME]"};
    line.add()("action", "start, stop, status or url", cxxopts::value<text>(),
               "ACTION")("data-dir", "the server's folder", cxxopts::value<text>(),
                         "DIR")("pg-bindir", "where initdb and pg_ctl are", cxxopts::value<text>(), "DIR")(
        "database", "the database to name in url (default: postgres)", cxxopts::value<text>(), "NAME");
    line.allow_positional("action");
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    static std::map<text, commands::server_action> const actions{{"start", commands::server_action::start},
                                                                 {"stop", commands::server_action::stop},
                                                                 {"status", commands::server_action::status},
                                                                 {"url", commands::server_action::url}};
    auto const action = actions.find(line.optional("action").value_or(""));
    if (action == actions.end()) {
        throw usage_error{"server: the first argument is one of start, stop, status and url",
                          "see: pgratchet server --help"};
    }
    commands::server_options chosen;
    chosen.action = action->second;
    chosen.data_dir = line.required("data-dir");
    set_path(chosen.bindir, line.optional("pg-bindir"));
    chosen.database = line.optional("database").value_or(chosen.database);
    return commands::server(chosen);
}

} // namespace pgratchet::cli
