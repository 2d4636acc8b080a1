// SPDX-License-Identifier: Apache-2.0
#include "report/progress.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace pgratchet::report {

namespace {

using namespace std::chrono_literals;

constexpr auto live_interval = 200ms;
constexpr auto first_plain_line = 5s;

bool is_live_terminal()
{
    auto const* kind = std::getenv("TERM");
    return ::isatty(STDERR_FILENO) == 1 && kind != nullptr && std::string_view{kind} != "dumb";
}

std::string printed(char const* format, double value)
{
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), format, value);
    return buffer.data();
}

} // namespace

std::string readable(std::chrono::steady_clock::duration time)
{
    auto const seconds = std::chrono::duration<double>(time).count();
    if (seconds < 1) {
        return printed("%.1f ms", seconds * 1000);
    }
    if (seconds < 60) {
        return printed("%.1f s", seconds);
    }
    auto const whole = static_cast<long>(seconds);
    return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}

std::string readable_bytes(std::uint64_t bytes)
{
    if (bytes < 1000) {
        return std::to_string(bytes) + " bytes";
    }
    static constexpr std::array units{"kB", "MB", "GB", "TB", "PB", "EB"};
    auto value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    for (; value >= 999.95; ++unit) {
        value /= 1000;
    }
    return printed("%.1f ", value) + units.at(unit);
}

progress::progress()
    : m_live{is_live_terminal()}, m_watcher{[this](std::stop_token const& stop) {
          watch(stop);
      }}
{
}

progress::~progress()
{
    m_watcher.request_stop();
    m_watcher.join();
    make_room();
}

void progress::started(std::string what, std::size_t number, std::size_t of)
{
    started(std::move(what) + " (" + std::to_string(number) + " of " + std::to_string(of) + ")");
}

void progress::started(std::string what)
{
    std::scoped_lock const lock{m_guard};
    m_text = std::move(what);
    m_reached.clear();
    m_start = std::chrono::steady_clock::now();
    m_next_line = first_plain_line;
    m_running = true;
}

void progress::reached(std::string how_far)
{
    std::scoped_lock const lock{m_guard};
    m_reached = ", " + std::move(how_far);
}

void progress::finished()
{
    std::scoped_lock const lock{m_guard};
    m_running = false;
}

void progress::make_room()
{
    std::scoped_lock const lock{m_guard};
    if (std::exchange(m_line_shown, false)) {
        std::fputs("\r\033[K", stderr);
    }
}

void progress::watch(std::stop_token const& stop)
{
    std::unique_lock lock{m_guard};
    // Nobody wakes it: a statement that is shorter than the interval costs nothing.
    while (!m_changed.wait_for(lock, stop, live_interval, [&] { return stop.stop_requested(); })) {
        if (stop.stop_requested()) {
            return;
        }
        if (m_running) {
            show(std::chrono::steady_clock::now() - m_start);
        }
    }
}

void progress::show(std::chrono::steady_clock::duration since_start)
{
    if (m_live) {
        std::fprintf(stderr, "\r\033[K%s %s%s", m_text.c_str(), readable(since_start).c_str(), m_reached.c_str());
        m_line_shown = true;
    } else if (since_start >= m_next_line) {
        std::fprintf(stderr, "%s runs for %s%s\n", m_text.c_str(), readable(since_start).c_str(), m_reached.c_str());
        m_next_line = since_start * 2;
    }
}

} // namespace pgratchet::report
