// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pgratchet::database {

/// A program to run, without a shell.
struct command {
    std::vector<std::string> arguments;             ///< the program first; looked up in PATH unless it holds a slash
    std::map<std::string, std::string> environment; ///< set on top of our own; the way secrets travel
    std::vector<std::string> unset;                 ///< variables taken out
    std::optional<std::string> run_as;              ///< user name to become (only root may ask)
    std::optional<std::filesystem::path> working_directory;
    /// A file that becomes its stdin, and stays open as long as it runs; else /dev/null.
    std::optional<int> input = std::nullopt;
};

struct outcome {
    int exit_status = 0; ///< 128 + signal when killed
    std::string output;  ///< stdout and stderr together
};

/// Runs a program to its end. Throws configuration_error if it cannot be started.
[[nodiscard]] outcome run(command const&);

/// A program that runs beside us, and not longer than us: it gets SIGTERM when the thread that started it ends, however
/// that ends (prctl(2), PR_SET_PDEATHSIG), and when this is destroyed before its end.
class child {
public:
    /// Throws configuration_error if it cannot be started. `run_as` cannot be had here.
    explicit child(command const&);
    /// Ends the program: SIGTERM, and SIGKILL if it is still there after 10 seconds.
    ~child();
    child(child&&) noexcept;
    child& operator=(child&&) noexcept;

    /// Waits for its end, `patience` at most; then what became of it, with all that it printed. Nothing if it still
    /// runs. To be called until it gives something, and not again.
    [[nodiscard]] std::optional<outcome> wait(std::chrono::milliseconds patience);

    [[nodiscard]] int pid() const noexcept;

private:
    class implementation;
    std::unique_ptr<implementation> m_implementation;
};

} // namespace pgratchet::database
