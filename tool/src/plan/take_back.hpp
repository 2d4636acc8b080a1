// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/comparison.hpp"
#include "plan/plan.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace pgratchet::plan {

/// The migration that migration k takes back by its name, NNN_revert_MMM or NNN_revert_MMM_description (both counted
/// from 1). Nothing if the name does not say so, or there is no MMM before it.
[[nodiscard]] std::optional<std::size_t> taken_back_by(plan const&, std::size_t k);

/// The file, up to migration `newest`, that takes migration k back and is not taken back itself.
[[nodiscard]] std::optional<std::size_t> in_force_against(plan const&, std::size_t k, std::size_t newest);

/// What later migrations, up to `newest`, did to the objects that migration k changes: the first of them that changed
/// one, or that made something which hangs on one. Nothing if k can be taken back by itself.
struct dependence {
    std::size_t later = 0; ///< counted from 1
    catalog::object_id what;
};
[[nodiscard]] std::optional<dependence> depends_on(plan const&, std::size_t k, std::size_t newest);

/// The schema at version `newest` without what migration k did: each object that k changes is as it was before k. Where
/// later migrations changed such objects, they are as those left them.
[[nodiscard]] catalog::snapshot without(plan const&, std::size_t k, std::size_t newest);

/// How the schema after migration `revert` differs from what it has to be if it takes migration k back: before ->
/// after is "as it has to be" -> "as it is". Owners, privileges and comments count.
[[nodiscard]] std::vector<object_change> not_taken_back(plan const&, std::size_t k, std::size_t revert);

} // namespace pgratchet::plan
