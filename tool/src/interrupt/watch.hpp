// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

namespace pgratchet::interrupt {

/// As long as it lives, SIGINT, SIGTERM and SIGHUP do not end this process but ask its command to end (interrupt.hpp).
/// A signal that is ignored when it begins (nohup, a shell's background job) stays ignored. When the first has not
/// helped for two seconds, the next ends the process at once. SIGPIPE is ignored: whoever reads our messages is not to
/// decide when a migration ends.
///
/// One at a time, made before any thread, as threads inherit the mask of signals. Child programs do not.
class watch {
public:
    /// `with_build`: when a build tool above this process ends, or is asked to (build.hpp), that counts as SIGTERM.
    explicit watch(bool with_build);
    ~watch();
    watch(watch const&) = delete;
    watch& operator=(watch const&) = delete;

private:
    class implementation;
    std::unique_ptr<implementation> m_implementation;
};

/// Ends this process by a signal that it was asked to end by, as a shell or make expects from an interrupted program:
/// they stop then, too. Returns if the signal cannot end it (the first process of a container).
void end_by(int signal);

} // namespace pgratchet::interrupt
