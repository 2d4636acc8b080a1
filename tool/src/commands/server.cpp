// SPDX-License-Identifier: Apache-2.0
#include "commands/server.hpp"

#include "database/local_server.hpp"

#include <cstdio>
#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

using database::local_server;

char const* name_of(local_server::condition is)
{
    switch (is) {
    case local_server::condition::absent:
        return "absent";
    case local_server::condition::stopped:
        return "stopped";
    case local_server::condition::running:
        return "running";
    }
    return "absent";
}

} // namespace

exit_code server(server_options const& chosen)
{
    switch (chosen.action) {
    case server_action::start: {
        local_server started{{chosen.data_dir, chosen.bindir, false}};
        started.keep_running();
        spdlog::info("the server runs; connect with: psql \"{}\"", started.conninfo(chosen.database));
        return exit_code::done;
    }
    case server_action::stop:
        local_server::stop(chosen.data_dir);
        spdlog::info("the server is stopped");
        return exit_code::done;
    case server_action::status:
        std::puts(name_of(local_server::inspect(chosen.data_dir)));
        return exit_code::done;
    case server_action::url: {
        if (local_server::inspect(chosen.data_dir) != local_server::condition::running) {
            throw configuration_error{"no server runs in " + chosen.data_dir.string(),
                                      "start it: build the target server_start"};
        }
        local_server const running{{chosen.data_dir, chosen.bindir, false}};
        std::puts(running.conninfo(chosen.database).c_str());
        return exit_code::done;
    }
    }
    return exit_code::internal;
}

} // namespace pgratchet::commands
