// SPDX-License-Identifier: Apache-2.0
#include "commands/compile.hpp"

#include "catalog/query.hpp"
#include "cli/command_line.hpp"
#include "interrupt/watch.hpp"
#include "lint/warning.hpp"
#include "plan/agreement.hpp"

#include <algorithm>
#include <cstdio>
#include <regex>
#include <sstream>

namespace pgratchet::cli {

namespace {

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
    if (parts.size() != 4 ||
        std::any_of(parts.begin(), parts.end(), [](std::string const& one) { return one.empty(); })) {
        throw usage_error{"compile: --ignore is '" + given + "', which does not have four parts",
                          "write KIND|IDENTITY|ATTRIBUTE|REASON: 'index|public.*_tmp|*|made by the nightly job'"};
    }
    auto const kinds = catalog::kinds();
    if (std::none_of(kinds.begin(), kinds.end(), [&](auto const& one) { return plan::matches(parts[0], one); })) {
        throw usage_error{"compile: --ignore is '" + given + "', and no object is of the kind '" + parts[0] + "'",
                          "write it as status prints it: column, index, table constraint, ..."};
    }
    return {parts[0], parts[1], parts[2], parts[3]};
}

/// Names of schemas, with commas between; it goes into a SET statement as it is.
bool is_schema_list(std::string const& given)
{
    static std::regex const form{R"(\s*([a-z_][a-z0-9_]*|"[^"]+")(\s*,\s*([a-z_][a-z0-9_]*|"[^"]+"))*\s*)"};
    return std::regex_match(given, form);
}

lint::choice warnings_from(command_line const& line)
{
    lint::choice chosen;
    for (auto const& name : line.list("werror")) {
        if (name == "all") {
            chosen.all_are_errors = true;
        } else {
            chosen.errors.insert(name);
        }
    }
    auto const off = line.list("no-warn");
    chosen.off = {off.begin(), off.end()};
    auto const on = line.list("warn");
    chosen.on = {on.begin(), on.end()};
    return chosen;
}

report::format format_from(command_line const& line)
{
    auto const given = line.optional("format").value_or("gcc");
    auto const format = report::format_named(given);
    if (!format) {
        throw usage_error{"compile: --format is '" + given + "'", "the formats are gcc, json, sarif and github"};
    }
    return *format;
}

texts names_of_warnings()
{
    texts names;
    for (auto const& one : lint::all_warnings()) {
        names.emplace_back(one.name);
    }
    return names;
}

void list_warnings()
{
    for (auto const& one : lint::all_warnings()) {
        auto const* const off = one.by_default == lint::level::off     ? " (off unless --warn)"
                                : one.by_default == lint::level::error ? " (an error)"
                                                                       : "";
        std::printf("%-32s %s%s\n", std::string{one.name}.c_str(), std::string{one.summary}.c_str(), off);
    }
}

/// "SELECT,INSERT": what a role can have on a table.
texts privileges_from(std::string const& given)
{
    static texts const known{"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"};
    texts all;
    std::istringstream parts{given};
    for (std::string one; std::getline(parts, one, ',');) {
        if (std::find(known.begin(), known.end(), one) == known.end() ||
            std::find(all.begin(), all.end(), one) != all.end()) {
            throw usage_error{"compile: --runtime-privileges is '" + given + "', in which '" + one +
                                  "' is no privilege on a table, or stands twice",
                              "write them in capitals, with commas and no blanks between: SELECT,INSERT,UPDATE"};
        }
        all.push_back(one);
    }
    return all;
}

/// Behind the other roles: it is one of them.
void read_runtime_role(command_line const& line, commands::compile_options& chosen)
{
    if (auto role = line.optional("runtime-role")) {
        if (std::find(chosen.roles.begin(), chosen.roles.end(), *role) == chosen.roles.end()) {
            chosen.roles.push_back(*role);
        }
        chosen.runtime_role = std::move(*role);
        chosen.runtime_privileges =
            privileges_from(line.optional("runtime-privileges").value_or("SELECT,INSERT,UPDATE"));
    } else if (line.has("runtime-privileges")) {
        throw usage_error{"compile: --runtime-privileges needs --runtime-role"};
    }
}

void add_compile_options(command_line& line)
{
    line.add()("migrations", "folder of NNN_description.sql files", cxxopts::value<std::string>(),
               "DIR")("probes", "folder of hand-written probes, NNN_name.sql", cxxopts::value<std::string>(),
                      "DIR")("plan", "the plan file to write", cxxopts::value<std::string>(), "FILE")(
        "data-dir", "folder for the throwaway server", cxxopts::value<std::string>(),
        "DIR")("shadow-url-variable", "environment variable with the connection string of a server to use instead",
               cxxopts::value<std::string>(),
               "VAR")("pg-bindir", "where initdb and pg_ctl are", cxxopts::value<std::string>(), "DIR")(
        "baseline", "version up to which the history is taken as given", cxxopts::value<std::string>(),
        "NNN")("baseline-schema", "pg_dump schema file that stands for the files up to the baseline",
               cxxopts::value<std::string>(),
               "FILE")("role", "a role that the migrations name (may be repeated)", cxxopts::value<texts>(), "NAME")(
        "search-path", "search_path that every migration starts with (default: public)", cxxopts::value<std::string>(),
        "LIST")("ignore", "a difference that is no drift: KIND|IDENTITY|ATTRIBUTE|REASON (may be repeated)",
                cxxopts::value<texts>(), "RULE")(
        "job-managed-partitions", "partitioned table whose partitions a job makes and drops (may be repeated)",
        cxxopts::value<texts>(), "TABLE");
    line.add()("werror", "make all warnings errors, or the one of this name (may be repeated)",
               cxxopts::value<texts>()->implicit_value("all"),
               "NAME")("no-warn", "switch a warning off (may be repeated)", cxxopts::value<texts>(),
                       "NAME")("warn", "switch a warning on that is off by default (may be repeated)",
                               cxxopts::value<texts>(), "NAME")("warn-frozen", "warn of frozen migrations, too");
    line.add_choice("format", "also write diagnostics to stdout", "FORMAT",
                    {{"gcc", "default: to stderr alone"}, {"json"}, {"sarif"}, {"github"}});
    line.add()("list-warnings", "print the names of all warnings, and end");
    line.add()("runtime-role", "the role under which the application works; it is one of the roles too",
               cxxopts::value<std::string>(),
               "NAME")("runtime-privileges", "what it needs on every table (default: SELECT,INSERT,UPDATE)",
                       cxxopts::value<std::string>(), "LIST");
    line.add_end_with_build();
    for (auto const* const option : {"werror", "no-warn", "warn"}) {
        line.add_words(option, names_of_warnings());
    }
}

} // namespace

exit_code run_compile(texts const& arguments)
{
    command_line line{
        "compile", "Replays the migrations on a throwaway PostgreSQL and writes down what each did: the plan.",
        "--migrations DIR [--probes DIR] --plan FILE (--data-dir DIR | --shadow-url-variable VAR) [options]"};
    add_compile_options(line);
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    if (line.has("list-warnings")) {
        list_warnings();
        return exit_code::done;
    }
    commands::compile_options chosen;
    chosen.warnings = warnings_from(line);
    chosen.warn_frozen = line.has("warn-frozen");
    chosen.format = format_from(line);
    chosen.migrations = line.required("migrations");
    chosen.plan = line.required("plan");
    chosen.probes = line.path("probes");
    chosen.data_dir = line.path("data-dir");
    chosen.bindir = line.path("pg-bindir");
    chosen.shadow_url_variable = line.variable("shadow-url-variable");
    chosen.baseline = line.optional("baseline");
    chosen.baseline_schema = line.path("baseline-schema");
    chosen.roles = line.list("role");
    read_runtime_role(line, chosen);
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
    interrupt::watch const signals{line.has("end-with-build")};
    return commands::compile(chosen);
}

} // namespace pgratchet::cli
