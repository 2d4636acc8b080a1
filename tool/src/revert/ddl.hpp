// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/object.hpp"
#include "plan/comparison.hpp"
#include "revert/sql_names.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::revert {

using statements = std::vector<std::string>; ///< without semicolons

/// What a definition does not hold and making the object anew needs. By identity.
struct blueprints {
    std::map<std::string, std::string> routines;             ///< CREATE OR REPLACE FUNCTION ..., of the server
    std::map<std::string, std::vector<std::string>> columns; ///< of a relation, as identities, in their order
    std::map<std::string, std::string> multiranges;          ///< of a range type, its multirange's name

    /// Takes those of `other` that are not known here.
    void add(blueprints other);
};

/// Objects that are to be made, and what they are made of.
struct wanted {
    catalog::snapshot const& objects;
    blueprints const& prints;
    sql_names const& names;
};

/// Statements that make an object anew, without owner, privileges and comment. A table comes with its columns, without
/// constraints and indexes. Nothing if its definition is not enough. Empty if it comes with another one.
[[nodiscard]] std::optional<statements> create(catalog::object const&, wanted const&);
[[nodiscard]] std::optional<statements> create_table(catalog::object const&, wanted const&);
[[nodiscard]] std::optional<statements> create_type(catalog::object const&, wanted const&);
[[nodiscard]] std::optional<statements> create_rarely_made(catalog::object const&, wanted const&);

/// A column as CREATE TABLE and ADD COLUMN have it.
[[nodiscard]] std::string column_definition(catalog::object const&, wanted const&);

/// Whether an index's definition, as the server gives it, is of one on a partitioned table.
[[nodiscard]] bool is_of_partitioned_table(std::string_view index_definition);

/// What brings a sequence's parameters to those of its definition: " AS bigint START WITH 1 ...".
[[nodiscard]] std::string sequence_parameters(catalog::object const&);

/// ENABLE or DISABLE of a trigger or rule, as its definition has it.
[[nodiscard]] std::string enabling(catalog::object const&, sql_names const&);

/// The statement that drops an object; empty if it goes with another one.
[[nodiscard]] std::string drop(catalog::object const&, catalog::snapshot const& all, sql_names const&);

/// Statements that change an object where it is; nothing if it has to be made anew (or cannot be changed at all).
[[nodiscard]] std::optional<statements> alter(catalog::object const& from, catalog::object const& to,
                                              std::vector<plan::attribute_change> const&, wanted const&);

/// Statements that bring owner, privileges and comment of an object to those of its definition.
[[nodiscard]] statements restore_access(catalog::object const& from, catalog::object const& to, sql_names const&);

/// The statements for default privileges that are gone, or are to be there.
[[nodiscard]] statements restore_default_privileges(catalog::object_id const&, catalog::object const* from,
                                                    catalog::object const* to, sql_names const&);

/// True for an object that can be dropped and made again without losing rows.
[[nodiscard]] bool holds_no_rows(std::string const& kind);

} // namespace pgratchet::revert
