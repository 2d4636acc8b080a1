// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/plan.hpp"

#include <cstddef>
#include <string_view>

/// Work that no comparison of catalogs shows: see script::statement::untraced.
namespace pgratchet::plan {

/// True if a statement that names a relation or column so ("t", "s.t", "t.c", without quotes) may be about this one.
[[nodiscard]] bool is_called(catalog::object_id const&, std::string_view as_written);

/// True if all such work of the files between two versions was done to relations and columns that these files have
/// made and dropped again: nothing of it is left at the higher one.
[[nodiscard]] bool untraced_work_is_gone(plan const&, std::size_t low, std::size_t high);

} // namespace pgratchet::plan
