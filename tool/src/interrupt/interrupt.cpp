// SPDX-License-Identifier: Apache-2.0
#include "interrupt/interrupt.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace pgratchet::interrupt {

/// What is known in this process. There is one, as signals are for a process.
struct noted {
    std::mutex guard;
    std::condition_variable changed;
    std::atomic<bool> pending{false}; ///< written under the guard
    int signal = 0;
    std::string why;
    int held_off = 0;
    std::vector<cancelling*> running;

    static noted& get()
    {
        static noted one;
        return one;
    }

    [[nodiscard]] bool is_due() const { return pending && held_off == 0; }

    /// Under the guard.
    void throw_if_due()
    {
        if (is_due()) {
            pending = false;
            throw interrupted{signal, why};
        }
    }

    void cancel_all()
    {
        for (auto const* one : running) {
            one->m_cancel(one->m_of);
        }
    }
};

void check()
{
    auto& all = noted::get();
    if (all.pending.load(std::memory_order_relaxed)) {
        std::scoped_lock const lock{all.guard};
        all.throw_if_due();
    }
}

bool is_asked() noexcept
{
    return noted::get().pending;
}

void sleep_for(std::chrono::milliseconds time)
{
    auto& all = noted::get();
    std::unique_lock lock{all.guard};
    all.changed.wait_for(lock, time, [&] { return all.is_due(); });
    all.throw_if_due();
}

cancelling::cancelling(void (*cancel)(void*) noexcept, void* of) : m_cancel{cancel}, m_of{of}
{
    auto& all = noted::get();
    std::scoped_lock const lock{all.guard};
    all.running.push_back(this);
}

cancelling::~cancelling()
{
    auto& all = noted::get();
    std::scoped_lock const lock{all.guard};
    all.running.erase(std::find(all.running.begin(), all.running.end(), this));
}

held_off::held_off()
{
    auto& all = noted::get();
    std::scoped_lock const lock{all.guard};
    ++all.held_off;
}

held_off::~held_off()
{
    auto& all = noted::get();
    std::scoped_lock const lock{all.guard};
    --all.held_off;
}

void ask(int signal, std::string const& why)
{
    auto& all = noted::get();
    {
        std::scoped_lock const lock{all.guard};
        all.signal = signal;
        all.why = why;
        all.pending = true;
    }
    all.changed.notify_all();
}

bool cancel_what_runs()
{
    auto& all = noted::get();
    if (!all.pending) {
        return false;
    }
    std::scoped_lock const lock{all.guard};
    if (all.is_due()) {
        all.cancel_all();
    }
    return all.pending;
}

void forget()
{
    auto& all = noted::get();
    std::scoped_lock const lock{all.guard};
    all.pending = false;
}

} // namespace pgratchet::interrupt
