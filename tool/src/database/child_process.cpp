// SPDX-License-Identifier: Apache-2.0
#include "database/child_process.hpp"

#include "errors.hpp"
#include "files/descriptor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <tuple>
#include <unistd.h>

namespace pgratchet::database {

namespace {

/// Everything that the child needs, made before fork(): after it, nothing may allocate.
struct prepared {
    std::string program;
    std::vector<std::string> environment;
    std::vector<char*> arguments_for_exec;
    std::vector<char*> environment_for_exec;
    std::vector<gid_t> groups;
    uid_t uid = 0;
    gid_t gid = 0;
};

using files::descriptor;

[[noreturn]] void cannot_start(std::string const& program, int error)
{
    throw configuration_error{"cannot start " + program + ": " + std::strerror(error)};
}

std::string found_in_path(std::string const& program)
{
    if (program.find('/') != std::string::npos) {
        return program;
    }
    auto const* const path = std::getenv("PATH");
    auto rest = std::string_view{path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path};
    while (!rest.empty()) {
        auto const end = std::min(rest.find(':'), rest.size());
        auto candidate = std::string{rest.substr(0, end)} + "/" + program;
        if (end > 0 && access(candidate.c_str(), X_OK) == 0) {
            return candidate;
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    cannot_start(program, ENOENT);
}

std::vector<std::string> environment_of(command const& what)
{
    std::vector<std::string> all;
    for (auto* const* variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
        auto const text = std::string_view{*variable};
        auto const name = std::string{text.substr(0, text.find('='))};
        if (!what.environment.contains(name) && std::ranges::find(what.unset, name) == what.unset.end()) {
            all.emplace_back(text);
        }
    }
    for (auto const& [name, value] : what.environment) {
        all.push_back(name + "=" + value);
    }
    return all;
}

void look_up_user(prepared& child, std::string const& program, std::string const& name)
{
    auto const* const user = getpwnam(name.c_str());
    if (user == nullptr) {
        throw configuration_error{"cannot start " + program + ": no such user: " + name};
    }
    child.uid = user->pw_uid;
    child.gid = user->pw_gid;
    auto count = 64;
    child.groups.resize(static_cast<std::size_t>(count));
    while (getgrouplist(name.c_str(), child.gid, child.groups.data(), &count) < 0) {
        child.groups.resize(static_cast<std::size_t>(count));
    }
    child.groups.resize(static_cast<std::size_t>(count));
}

prepared prepare(command const& what)
{
    if (what.arguments.empty()) {
        throw configuration_error{"cannot start a program without a name"};
    }
    prepared child;
    child.program = found_in_path(what.arguments.front());
    child.environment = environment_of(what);
    if (what.run_as) {
        look_up_user(child, child.program, *what.run_as);
    }
    // execve() takes char*, and changes nothing.
    for (auto const& argument : what.arguments) {
        child.arguments_for_exec.push_back(const_cast<char*>(argument.c_str()));
    }
    child.arguments_for_exec.push_back(nullptr);
    for (auto& variable : child.environment) {
        child.environment_for_exec.push_back(variable.data());
    }
    child.environment_for_exec.push_back(nullptr);
    return child;
}

/// Files for the child, all above 3, and the process that it is not to outlive (0: it may).
struct child_ends {
    int input;
    int output;
    int complaint;
    pid_t parent;
};

/// In the child, after fork(): only functions that are safe in a signal handler. Gives errno if it comes back.
int become(command const& what, prepared const& child, child_ends const& ends)
{
    if (ends.parent != 0 && (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != ends.parent)) {
        return ESRCH; // it went before we could ask to be told
    }
    // A thread that waits for signals has them blocked; the program must not inherit that.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    signal(SIGPIPE, SIG_DFL);
    if (dup2(ends.input, STDIN_FILENO) < 0 || dup2(ends.output, STDOUT_FILENO) < 0 ||
        dup2(ends.output, STDERR_FILENO) < 0 || dup2(ends.complaint, 3) < 0 || fcntl(3, F_SETFD, FD_CLOEXEC) < 0) {
        return errno;
    }
    // Nothing of ours may live on in a server that outlives us: locks hang on open files.
    if (close_range(4, ~0U, 0) != 0) {
        for (int fd = 4; fd < 4096; ++fd) {
            close(fd);
        }
    }
    if (what.run_as &&
        (setgroups(child.groups.size(), child.groups.data()) != 0 || setresgid(child.gid, child.gid, child.gid) != 0 ||
         setresuid(child.uid, child.uid, child.uid) != 0)) {
        return errno;
    }
    if (what.working_directory && chdir(what.working_directory->c_str()) != 0) {
        return errno;
    }
    execve(child.program.c_str(), child.arguments_for_exec.data(), child.environment_for_exec.data());
    return errno;
}

int exit_status_of(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int wait_for_end(pid_t pid)
{
    auto status = 127 << 8; // as of a program that could not be started
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return exit_status_of(status);
}

std::string content_of(int file)
{
    std::string text;
    std::array<char, 65536> block{};
    for (off_t at = 0;;) {
        auto const count = pread(file, block.data(), block.size(), at);
        if (count <= 0) {
            return text;
        }
        text.append(block.data(), static_cast<std::size_t>(count));
        at += count;
    }
}

/// Starts a program with its output going to a file. It may outlive us unless it is tied.
pid_t start(command const& what, int output, bool tied)
{
    auto const child = prepare(what);
    descriptor nothing{what.input ? -1 : open("/dev/null", O_RDONLY | O_CLOEXEC)};
    std::array<int, 2> ends{-1, -1};
    if (output < 0 || (!what.input && nothing.get() < 0) || pipe2(ends.data(), O_CLOEXEC) != 0) {
        cannot_start(child.program, errno);
    }
    descriptor read_end{ends[0]};
    descriptor write_end{ends[1]};
    // Copies above 3: the child puts its own there before it closes the rest.
    descriptor complaint{fcntl(write_end.get(), F_DUPFD_CLOEXEC, 10)};
    descriptor output_above{fcntl(output, F_DUPFD_CLOEXEC, 10)};
    descriptor input_above{fcntl(what.input.value_or(nothing.get()), F_DUPFD_CLOEXEC, 10)};
    write_end.reset();
    auto const parent = tied ? getpid() : 0;
    auto const pid = fork();
    if (pid < 0) {
        cannot_start(child.program, errno);
    }
    if (pid == 0) {
        auto const error = become(what, child, {input_above.get(), output_above.get(), complaint.get(), parent});
        std::ignore = write(3, &error, sizeof error);
        _exit(127);
    }
    complaint.reset();
    auto error = 0;
    auto count = read(read_end.get(), &error, sizeof error);
    while (count < 0 && errno == EINTR) {
        count = read(read_end.get(), &error, sizeof error);
    }
    if (count == static_cast<ssize_t>(sizeof error)) {
        wait_for_end(pid);
        cannot_start(child.program, error);
    }
    return pid;
}

// A file and not a pipe: a pipe ends only when the last grandchild has closed it, and a server stays.
int file_for_output()
{
    return memfd_create("output", MFD_CLOEXEC);
}

} // namespace

outcome run(command const& what)
{
    descriptor const output{file_for_output()};
    auto const pid = start(what, output.get(), false);
    outcome result;
    result.exit_status = wait_for_end(pid);
    result.output = content_of(output.get());
    return result;
}

class child::implementation {
public:
    explicit implementation(command const& what) : m_pid{start(what, m_output.get(), true)} {}
    ~implementation()
    {
        constexpr auto grace = std::chrono::seconds{10};
        if (!m_ended && kill(m_pid, SIGTERM) == 0 && !wait(grace)) {
            kill(m_pid, SIGKILL);
            wait_for_end(m_pid);
        }
    }
    implementation(implementation const&) = delete;
    implementation& operator=(implementation const&) = delete;

    std::optional<outcome> wait(std::chrono::milliseconds patience)
    {
        constexpr auto between_looks = std::chrono::milliseconds{10};
        auto const deadline = std::chrono::steady_clock::now() + patience;
        for (;;) {
            auto status = 0;
            auto const found = waitpid(m_pid, &status, WNOHANG);
            if (found == m_pid || (found < 0 && errno != EINTR)) {
                m_ended = true;
                return outcome{found == m_pid ? exit_status_of(status) : 127, content_of(m_output.get())};
            }
            if (std::chrono::steady_clock::now() >= deadline) {
                return std::nullopt;
            }
            std::this_thread::sleep_for(between_looks);
        }
    }

    [[nodiscard]] int pid() const noexcept { return m_pid; }

private:
    descriptor m_output{file_for_output()}; // before the program that it is for
    pid_t m_pid;
    bool m_ended = false;
};

child::child(command const& what) : m_implementation{std::make_unique<implementation>(what)} {}
child::~child() = default;
child::child(child&&) noexcept = default;
child& child::operator=(child&&) noexcept = default;

std::optional<outcome> child::wait(std::chrono::milliseconds patience)
{
    return m_implementation->wait(patience);
}

int child::pid() const noexcept
{
    return m_implementation->pid();
}

} // namespace pgratchet::database
