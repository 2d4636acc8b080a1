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
#include <sys/wait.h>
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

/// In the child, after fork(): only functions that are safe in a signal handler. Gives errno if it comes back.
int become(command const& what, prepared const& child, int input, int output, int complaint)
{
    // A thread that waits for signals has them blocked; the program must not inherit that.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    signal(SIGPIPE, SIG_DFL);
    if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0 ||
        dup2(complaint, 3) < 0 || fcntl(3, F_SETFD, FD_CLOEXEC) < 0) {
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

int wait_for_end(pid_t pid)
{
    auto status = 0;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) {
            return 127;
        }
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
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

} // namespace

outcome run(command const& what)
{
    auto const child = prepare(what);
    // A file and not a pipe: a pipe ends only when the last grandchild has closed it, and a server stays.
    descriptor output{memfd_create("output", MFD_CLOEXEC)};
    descriptor input{open("/dev/null", O_RDONLY | O_CLOEXEC)};
    std::array<int, 2> ends{-1, -1};
    if (output.get() < 0 || input.get() < 0 || pipe2(ends.data(), O_CLOEXEC) != 0) {
        cannot_start(child.program, errno);
    }
    descriptor read_end{ends[0]};
    descriptor write_end{ends[1]};
    // Copies above 3: the child puts its own there before it closes the rest.
    descriptor complaint{fcntl(write_end.get(), F_DUPFD_CLOEXEC, 10)};
    descriptor output_above{fcntl(output.get(), F_DUPFD_CLOEXEC, 10)};
    descriptor input_above{fcntl(input.get(), F_DUPFD_CLOEXEC, 10)};
    write_end.reset();
    auto const pid = fork();
    if (pid < 0) {
        cannot_start(child.program, errno);
    }
    if (pid == 0) {
        auto const error = become(what, child, input_above.get(), output_above.get(), complaint.get());
        std::ignore = write(3, &error, sizeof error);
        _exit(127);
    }
    complaint.reset();
    auto error = 0;
    auto count = read(read_end.get(), &error, sizeof error);
    while (count < 0 && errno == EINTR) {
        count = read(read_end.get(), &error, sizeof error);
    }
    outcome result;
    result.exit_status = wait_for_end(pid);
    if (count == static_cast<ssize_t>(sizeof error)) {
        cannot_start(child.program, error);
    }
    result.output = content_of(output.get());
    return result;
}

} // namespace pgratchet::database
