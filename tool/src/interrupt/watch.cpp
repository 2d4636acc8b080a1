// SPDX-License-Identifier: Apache-2.0
#include "interrupt/watch.hpp"

#include "files/descriptor.hpp"
#include "interrupt/build.hpp"
#include "interrupt/interrupt.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <poll.h>
#include <string>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <thread>
#include <tuple>
#include <unistd.h>

namespace pgratchet::interrupt {

namespace {

constexpr std::array signals{SIGINT, SIGTERM, SIGHUP};
// All in milliseconds.
constexpr std::int64_t until_a_second_counts = 2000;
constexpr int between_cancels = 100;
constexpr int between_looks_at_the_build = 500;

constexpr int looks_that_count = 3; ///< of a build that seems to have been asked to end, in a row

std::atomic<std::int64_t> first_arrived{0};

std::int64_t now() noexcept
{
    timespec moment{};
    ::clock_gettime(CLOCK_MONOTONIC, &moment);
    return std::int64_t{moment.tv_sec} * 1000 + moment.tv_nsec / 1'000'000;
}

/// For the second signal. It runs in the watching thread, also while that waits for a server that does not answer.
void end_at_once(int number)
{
    if (now() - first_arrived >= until_a_second_counts) {
        ::_exit(128 + number);
    }
}

std::string name_of(int number)
{
    return number == SIGINT ? "SIGINT" : number == SIGTERM ? "SIGTERM" : "SIGHUP";
}

/// Those that would end this process.
sigset_t signals_to_take()
{
    sigset_t set;
    sigemptyset(&set);
    for (auto const number : signals) {
        struct sigaction how = {};
        if (sigaction(number, nullptr, &how) == 0 && how.sa_handler == SIG_DFL) {
            sigaddset(&set, number);
        }
    }
    return set;
}

} // namespace

class watch::implementation {
public:
    explicit implementation(bool with_build)
        : m_build{with_build ? build_above_us() : std::vector<process>{}}, m_set{signals_to_take()},
          m_arrivals{::signalfd(-1, &m_set, SFD_CLOEXEC | SFD_NONBLOCK)}, m_end{::eventfd(0, EFD_CLOEXEC)}
    {
        first_arrived = 0;
        forget();
        pthread_sigmask(SIG_BLOCK, &m_set, &m_mask_before);
        sigaction(SIGPIPE, nullptr, &m_pipe_before);
        std::ignore = std::signal(SIGPIPE, SIG_IGN);
        m_thread = std::jthread{[this] {
            look();
        }};
    }

    ~implementation()
    {
        std::uint64_t const one = 1;
        std::ignore = ::write(m_end.get(), &one, sizeof one);
        m_thread.join();
        sigaction(SIGPIPE, &m_pipe_before, nullptr);
        for (auto const number : signals) {
            if (sigismember(&m_set, number) == 1) {
                std::ignore = std::signal(number, SIG_DFL);
            }
        }
        pthread_sigmask(SIG_SETMASK, &m_mask_before, nullptr);
    }

    implementation(implementation const&) = delete;
    implementation& operator=(implementation const&) = delete;

private:
    void look()
    {
        std::array files{pollfd{m_arrivals.get(), POLLIN, 0}, pollfd{m_end.get(), POLLIN, 0}};
        for (bool is_cancelling = false;;) {
            auto const patience = is_cancelling ? between_cancels : m_build.empty() ? -1 : between_looks_at_the_build;
            ::poll(files.data(), files.size(), patience);
            if ((files[1].revents & POLLIN) != 0) {
                return;
            }
            look_for_signals();
            look_for_the_build();
            is_cancelling = cancel_what_runs();
        }
    }

    void look_for_signals()
    {
        signalfd_siginfo arrived{};
        if (first_arrived != 0 || ::read(m_arrivals.get(), &arrived, sizeof arrived) != sizeof arrived) {
            return;
        }
        auto const number = static_cast<int>(arrived.ssi_signo);
        first(number, "interrupted by " + name_of(number));
    }

    void look_for_the_build()
    {
        bool seems_asked = false;
        for (auto const& one : m_build) {
            auto const is = presence_of(one);
            seems_asked = seems_asked || is == presence::asked_to_end;
            if (is == presence::gone || (is == presence::asked_to_end && m_seemed_asked + 1 >= looks_that_count)) {
                std::string const how = is == presence::gone ? "is gone" : "was asked to end";
                first(SIGTERM, "interrupted, as the build that started this " + how + " (" + one.name + ", process " +
                                   std::to_string(one.pid) + ")");
                return;
            }
        }
        m_seemed_asked = seems_asked ? m_seemed_asked + 1 : 0;
    }

    void first(int number, std::string const& why)
    {
        m_build.clear();
        first_arrived = now();
        ask(number, why);
        struct sigaction second = {};
        second.sa_handler = &end_at_once;
        for (auto const each : signals) {
            if (sigismember(&m_set, each) == 1) {
                sigaction(each, &second, nullptr);
            }
        }
        pthread_sigmask(SIG_UNBLOCK, &m_set, nullptr);
    }

    std::vector<process> m_build; ///< used by the thread
    int m_seemed_asked = 0;       ///< likewise: for how many looks in a row
    sigset_t m_set;
    files::descriptor m_arrivals;
    files::descriptor m_end;
    sigset_t m_mask_before{};
    struct sigaction m_pipe_before = {};
    std::jthread m_thread; // last: it uses all the others
};

watch::watch(bool with_build) : m_implementation{std::make_unique<implementation>(with_build)} {}
watch::~watch() = default;

void end_by(int signal)
{
    std::fflush(nullptr);
    std::ignore = std::signal(signal, SIG_DFL);
    ::raise(signal);
}

} // namespace pgratchet::interrupt
