// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace pgratchet::interrupt {

/// A process, told from a later one with the same number by when it began (proc(5), /proc/PID/stat).
struct process {
    int pid = 0;
    std::string name;
    std::string began;
    bool blocks_sigterm = false; ///< when it was first looked at
};

enum class presence { there, asked_to_end, gone };

/// The build that runs this process: its ancestors up to the topmost build tool (cmake, ctest, ninja, make), as far as
/// between them are only build tools and shells, and all belong to our session: what `setsid` began was to go on by
/// itself. What ends `cmake --build` leaves ninja or make, so our parent alone would tell nothing. Empty if there is no
/// build tool.
[[nodiscard]] std::vector<process> build_above_us();

/// A process has gone when it has ended, even if nobody has taken notice yet. A cmake or ctest that blocks SIGTERM now,
/// and did not before, is within its handler for it: on SIGTERM `cmake --build` waits there for its children, and tells
/// them nothing (measured with CMake 3.25). It may also be starting a child, which takes a moment: only what is found
/// several times in a row counts.
[[nodiscard]] presence presence_of(process const&);

} // namespace pgratchet::interrupt
