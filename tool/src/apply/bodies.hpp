// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "script/routine.hpp"
#include "script/script.hpp"

#include <cstddef>
#include <functional>

namespace pgratchet::apply {

/// Where the routines are written that a running migration may call. The files before it are read when a message asks
/// for it, and once: most runs have none.
class bodies {
public:
    /// `script_of` gives the script of migration k, counted from 1.
    explicit bodies(std::function<script::script(std::size_t k)> script_of) : m_script_of{std::move(script_of)} {}

    /// The routines of all files before migration k, and of its own statements up to the given one.
    [[nodiscard]] script::routines const& known_at(std::size_t k, script::script const&, script::statement const&);

private:
    std::function<script::script(std::size_t k)> m_script_of;
    std::size_t m_files = 0; ///< how many files have been followed
    script::routines m_before;
    std::size_t m_k = 0;   ///< what m_now is of
    std::size_t m_end = 0; ///< up to where in that file
    script::routines m_now;
};

} // namespace pgratchet::apply
