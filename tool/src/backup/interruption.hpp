// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <csignal>

namespace pgratchet::backup {

/// As long as it lives, SIGINT, SIGTERM and SIGHUP do not end this process but are noted, so that a half-written
/// archive can be removed first. A signal that somebody else takes care of, or that is ignored, is left alone.
/// One at a time.
class interruption {
public:
    interruption();
    ~interruption();
    interruption(interruption const&) = delete;
    interruption& operator=(interruption const&) = delete;

    /// Throws backup_failed if one of the signals has come.
    void check() const;

private:
    struct watched {
        int number = 0;
        bool taken = false;
        struct sigaction before = {};
    };
    std::array<watched, 3> m_signals;
};

} // namespace pgratchet::backup
