// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lint/facts.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Constraints and indexes, by the definitions that the server prints.
namespace pgratchet::lint {

/// The columns of a key: of "FOREIGN KEY (a, b) REFERENCES ..." a and b; empty for any other constraint. `kind` is
/// "PRIMARY KEY", "UNIQUE" or "FOREIGN KEY".
[[nodiscard]] std::vector<std::string> key_columns(std::string_view definition, std::string_view kind);

/// An index: "CREATE UNIQUE INDEX i ON t USING btree (a, lower(b)) WHERE ...".
struct index_in_words {
    std::string table; ///< bare name
    std::string method;
    bool unique = false;
    std::vector<std::string> columns; ///< empty text for an expression
    bool partial = false;
    std::vector<std::string> not_null; ///< columns that its WHERE, if it says nothing else, demands to be not null

    /// `tree` is an IndexStmt, as it is in a file or in what the server prints.
    [[nodiscard]] static index_in_words read(nlohmann::json const& tree);
};

/// The indexes of a table as the migration leaves it, those of its primary key and unique constraints included.
[[nodiscard]] std::vector<index_in_words> indexes_of(migration_facts const&, std::string const& table);

} // namespace pgratchet::lint
