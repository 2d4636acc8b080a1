// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

namespace pgratchet::cli {

std::vector<command> const& commands()
{
    static std::vector<command> const all{
        {"init", "write a new project", run_init},
        {"new", "write the next migration", run_new},
        {"revert", "write a migration that takes another one back", run_revert},
        {"freeze", "pin the migrations that must not change any more", run_freeze},
        {"compile", "replay the migrations on a throwaway server and write the plan", run_compile},
        {"status", "say where an environment stands", run_status},
        {"diff", "say what lies between two versions, or an environment and a version", run_diff},
        {"explain", "say what a migration locks, rewrites and scans", run_explain},
        {"apply", "bring an environment up to a version", run_apply},
        {"backup", "make a verified backup of an environment", run_backup},
        {"rehearse", "apply what is pending to a copy of an environment's backup", run_rehearse},
        {"restore", "put an environment back to the state of a backup", run_restore},
        {"verify", "check the live schema against the plan", run_verify},
        {"bundle", "check a bundle, compare two, or complete the folder of one", run_bundle},
        {"key", "make a pair of keys for signing bundles", run_key},
        {"sign", "sign a bundle", run_sign},
        {"server", "start and stop a local server", run_server},
    };
    return all;
}

} // namespace pgratchet::cli
