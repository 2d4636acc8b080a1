// SPDX-License-Identifier: Apache-2.0
#include "commands/server.hpp"

#include "cli/command_line.hpp"

#include <map>

namespace pgratchet::cli {

namespace {

using texts = std::vector<std::string>;

} // namespace

exit_code run_server(texts const& arguments)
{
    command_line line{"server",
                      "Starts a local server to stay, stops it, says whether it runs, or prints how to connect to it.",
                      "start|stop|status|url --data-dir DIR [--database NAME]"};
    line.add()("action", "start, stop, status or url", cxxopts::value<std::string>(),
               "ACTION")("data-dir", "the server's folder", cxxopts::value<std::string>(),
                         "DIR")("pg-bindir", "where initdb and pg_ctl are", cxxopts::value<std::string>(), "DIR")(
        "database", "the database to name in url (default: postgres)", cxxopts::value<std::string>(), "NAME");
    line.allow_positional("action", "say what to do");
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    static std::map<std::string, commands::server_action> const actions{{"start", commands::server_action::start},
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
    chosen.bindir = line.path("pg-bindir");
    chosen.database = line.optional("database").value_or(chosen.database);
    return commands::server(chosen);
}

} // namespace pgratchet::cli
