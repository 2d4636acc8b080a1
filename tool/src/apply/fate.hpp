// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace pgratchet::apply {

/// Which versions the live catalog fits: the one before a migration, the one after it, both or neither.
struct fitting {
    bool before = false;
    bool after = false;
};

/// What became of a transaction whose COMMIT got no answer.
enum class fate { committed, rolled_back, unknown };

/// By what a new connection says: `status` is pg_xact_status()'s answer, `live` what the catalog fits; nothing where
/// it could not be asked. Where the catalog fits one of the two versions it has the last word: a server that crashed
/// gives the number of a transaction that it lost to another one.
[[nodiscard]] fate decide(std::optional<std::string> const& status, std::optional<fitting> const& live);

} // namespace pgratchet::apply
