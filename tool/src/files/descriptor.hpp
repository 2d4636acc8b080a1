// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

namespace pgratchet::files {

/// A file descriptor that closes itself. A negative one stands for none.
class descriptor {
public:
    explicit descriptor(int fd) : m_fd{fd} {}
    ~descriptor() { reset(); }
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;

    [[nodiscard]] int get() const noexcept { return m_fd; }

    void reset() noexcept
    {
        if (m_fd >= 0) {
            ::close(m_fd);
            m_fd = -1;
        }
    }

private:
    int m_fd;
};

} // namespace pgratchet::files
