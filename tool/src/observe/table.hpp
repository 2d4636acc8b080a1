// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observation.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgratchet::observe {

/// A statement in a table of what a migration does to relations.
struct table_entry {
    observed_statement statement;                   ///< its relations may be none here
    std::optional<std::string> time = std::nullopt; ///< how long it took, in words: "1.2 s". Of all entries or of none
};

/// The table as text: a line for each statement and relation (or the statement alone, if it touches none), with lock,
/// rewrite, scan, what other sessions cannot do meanwhile and until when. `in_transaction`: locks last to the end of
/// the transaction. Ends with a line feed; empty without entries.
[[nodiscard]] std::string as_table(std::vector<table_entry> const&, bool in_transaction);

/// What a statement did to one relation, in words: "ACCESS EXCLUSIVE on public.orders, which is rewritten: blocks reads
/// and writes".
[[nodiscard]] std::string in_words(observation const&);

} // namespace pgratchet::observe
