// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/server_folder.hpp"
#include "database/server_process.hpp"
#include "database/server_programs.hpp"

#include <optional>

namespace pgratchet::database {

/// The major version of a complete cluster; nothing if there is none.
[[nodiscard]] std::optional<int> cluster_version(server_folder const&);

/// Runs initdb beside the cluster's place and moves the result there, so a cut-off initdb never looks like a cluster.
void make_cluster(server_folder const&, server_programs const&);

/// Ends the server if one runs, and removes the cluster.
void remove_cluster(server_folder const&);

/// Starts the server, or waits for one that is starting. Throws configuration_error with the end of its log.
running_server start_server(server_folder const&, server_programs const&, bool throwaway);

} // namespace pgratchet::database
