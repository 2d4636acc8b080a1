// SPDX-License-Identifier: Apache-2.0
#include "commands/shadow_for.hpp"

#include "commands/connection_errors.hpp"
#include "errors.hpp"

#include <cstdlib>

namespace pgratchet::commands {

compile::shadow::options shadow_for(std::optional<std::filesystem::path> const& data_dir,
                                    std::optional<std::filesystem::path> const& bindir,
                                    std::optional<std::string> const& url_variable)
{
    compile::shadow::options options;
    if (url_variable) {
        auto const* value = std::getenv(url_variable->c_str());
        if (value == nullptr || *value == '\0') {
            throw configuration_error{"the variable " + *url_variable +
                                          ", which is to name the shadow's server, is not set",
                                      "set it to the connection string of a server on which databases may be made"};
        }
        options.conninfo = value;
    } else {
        options.server = {data_dir.value(), bindir, true};
    }
    return options;
}

std::unique_ptr<compile::shadow> open_shadow(compile::shadow::options options,
                                             std::optional<std::string> const& url_variable)
{
    try {
        return std::make_unique<compile::shadow>(std::move(options));
    } catch (database::connection_lost const& problem) {
        throw explained(problem, "the shadow's server",
                        url_variable ? "the variable " + *url_variable : "its own folder");
    }
}

} // namespace pgratchet::commands
