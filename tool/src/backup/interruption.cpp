// SPDX-License-Identifier: Apache-2.0
#include "backup/interruption.hpp"

#include "errors.hpp"

#include <string>

namespace pgratchet::backup {

namespace {

volatile std::sig_atomic_t arrived = 0;

void note(int number)
{
    arrived = number;
}

} // namespace

interruption::interruption() : m_signals{{{SIGINT}, {SIGTERM}, {SIGHUP}}}
{
    arrived = 0;
    for (auto& one : m_signals) {
        struct sigaction ours = {};
        ours.sa_handler = &note;
        sigemptyset(&ours.sa_mask);
        ours.sa_flags = SA_RESTART;
        if (sigaction(one.number, nullptr, &one.before) == 0 && one.before.sa_handler == SIG_DFL) {
            one.taken = sigaction(one.number, &ours, nullptr) == 0;
        }
    }
}

interruption::~interruption()
{
    for (auto const& one : m_signals) {
        if (one.taken) {
            sigaction(one.number, &one.before, nullptr);
        }
    }
}

void interruption::check() const
{
    if (arrived != 0) {
        auto const number = static_cast<int>(arrived);
        auto const name = number == SIGINT ? "SIGINT" : number == SIGTERM ? "SIGTERM" : "SIGHUP";
        throw backup_failed{"the backup was interrupted by " + std::string{name} + "; nothing of it is left"};
    }
}

} // namespace pgratchet::backup
