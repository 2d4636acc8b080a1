// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace pgratchet::report {

/// Shows on stderr what goes on. On a terminal one live line with the statement, its number of how many and
/// its time; otherwise a plain line for a statement that takes long, at growing intervals.
class progress {
public:
    progress();
    ~progress();
    progress(progress const&) = delete;
    progress& operator=(progress const&) = delete;

    /// `what` is "004: CREATE INDEX"; `number` counts from 1.
    void started(std::string what, std::size_t number, std::size_t of);
    /// The same for something that is not one of several.
    void started(std::string what);
    /// How far it is: stands behind the time, "12.3 MB written".
    void reached(std::string how_far);
    void finished();

    /// Takes the live line away, so that another line can be printed.
    void make_room();

private:
    void watch(std::stop_token const&);
    void show(std::chrono::steady_clock::duration since_start);

    bool m_live;
    std::mutex m_guard;
    std::condition_variable_any m_changed;
    bool m_running = false;
    bool m_line_shown = false;
    std::string m_text;
    std::string m_reached;
    std::chrono::steady_clock::time_point m_start;
    std::chrono::steady_clock::duration m_next_line{};
    std::jthread m_watcher; // last: it uses all the others
};

/// A duration for people: "0.4 ms", "12.3 s", "4 min 10 s".
[[nodiscard]] std::string readable(std::chrono::steady_clock::duration);

/// A number of bytes for people, in powers of 1,000: "812 bytes", "12.3 MB", "4.0 GB".
[[nodiscard]] std::string readable_bytes(std::uint64_t bytes);

} // namespace pgratchet::report
