// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/plan.hpp"

#include <functional>
#include <map>
#include <optional>
#include <vector>

/// Which object stands under which name.
namespace pgratchet::plan {

/// Finds an object as it was before; null if it was not there.
using lookup = std::function<catalog::object const*(catalog::object_id const&)>;

/// What the effect of one ALTER ... RENAME or SET SCHEMA takes away under one name and leaves under another. What
/// cannot be matched with certainty is left out.
[[nodiscard]] std::vector<renaming> renamings_in(effect const& of_statement, lookup const& before);

/// Follows objects through several effects.
class origins {
public:
    void follow(effect const&, std::vector<renaming> const&);

    /// The name that the object of this name had at first; nothing if it was not there then.
    [[nodiscard]] std::optional<catalog::object_id> of(catalog::object_id const&) const;

    /// Of all names that were taken away or given: the same.
    [[nodiscard]] std::map<catalog::object_id, std::optional<catalog::object_id>> const& known() const
    {
        return m_known;
    }

private:
    std::map<catalog::object_id, std::optional<catalog::object_id>> m_known;
};

} // namespace pgratchet::plan
