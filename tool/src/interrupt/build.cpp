// SPDX-License-Identifier: Apache-2.0
#include "interrupt/build.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>
#include <unistd.h>

namespace pgratchet::interrupt {

namespace {

/// What /proc/PID/stat says of a process.
struct found_process {
    process value;
    std::string state;
    int parent = 0;
    int session = 0;
};

std::optional<found_process> look_up(int pid)
{
    std::ifstream file{"/proc/" + std::to_string(pid) + "/stat"};
    std::string const text{std::istreambuf_iterator<char>{file}, {}};
    auto const open = text.find('(');
    auto const close = text.rfind(')'); // the name may hold parentheses
    if (open == std::string::npos || close == std::string::npos || close < open) {
        return std::nullopt;
    }
    std::istringstream rest{text.substr(close + 1)};
    std::vector<std::string> const fields{std::istream_iterator<std::string>{rest}, {}};
    constexpr std::size_t began = 19; // the 22nd field of all; the third is the first here
    if (fields.size() <= began) {
        return std::nullopt;
    }
    return found_process{{pid, text.substr(open + 1, close - open - 1), fields[began], false},
                         fields[0],
                         std::atoi(fields[1].c_str()),
                         std::atoi(fields[3].c_str())};
}

/// Of /proc/PID/status, the set of blocked signals: a number in base 16 whose lowest bit is signal 1.
bool blocks_sigterm(int pid)
{
    std::ifstream file{"/proc/" + std::to_string(pid) + "/status"};
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("SigBlk:")) {
            auto const blocked = std::strtoull(line.c_str() + std::string_view{"SigBlk:"}.size(), nullptr, 16);
            return (blocked >> (SIGTERM - 1) & 1U) != 0;
        }
    }
    return false;
}

bool is_build_tool(std::string_view name)
{
    constexpr std::array<std::string_view, 8> tools{"cmake", "cmake3",      "ctest", "ctest3",
                                                    "ninja", "ninja-build", "make",  "gmake"};
    return std::ranges::find(tools, name) != tools.end();
}

/// Those that stay in their handler of SIGTERM for as long as their children run. GNU make blocks SIGTERM for a moment
/// whenever it starts a job, and passes it on by itself.
bool waits_in_its_handler(std::string_view name)
{
    return name.starts_with("cmake") || name.starts_with("ctest");
}

bool is_shell(std::string_view name)
{
    constexpr std::array<std::string_view, 6> shells{"sh", "dash", "bash", "ash", "zsh", "busybox"};
    return std::ranges::find(shells, name) != shells.end();
}

} // namespace

std::vector<process> build_above_us()
{
    std::vector<process> chain;
    std::size_t up_to = 0;
    auto const session = ::getsid(0);
    for (auto one = look_up(::getppid()); one && one->session == session; one = look_up(one->parent)) {
        bool const is_tool = is_build_tool(one->value.name);
        if (!is_tool && !is_shell(one->value.name)) {
            break;
        }
        chain.push_back(one->value);
        chain.back().blocks_sigterm = blocks_sigterm(one->value.pid);
        up_to = is_tool ? chain.size() : up_to;
    }
    chain.resize(up_to);
    return chain;
}

presence presence_of(process const& one)
{
    auto const now = look_up(one.pid);
    if (!now || now->value.began != one.began || now->state == "Z" || now->state == "X") {
        return presence::gone;
    }
    bool const is_in_its_handler = waits_in_its_handler(one.name) && !one.blocks_sigterm && blocks_sigterm(one.pid);
    return is_in_its_handler ? presence::asked_to_end : presence::there;
}

} // namespace pgratchet::interrupt
