// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace pgratchet::catalog {

/// libpg_query 15 leaves zero and negative integers out of its JSON (`SELECT -1` and `SELECT -2` give one tree;
/// pganalyze/libpg_query#243). Reads the constants again from `sql`, the text that was parsed, at their positions.
/// False if one cannot be read there: then the tree must not be compared.
[[nodiscard]] bool restore_integers(nlohmann::json& tree, std::string_view sql);

/// Rewrites a parse tree of libpg_query (its JSON form) so that texts which PostgreSQL reads as the same
/// thing get the same tree. Each rewrite keeps what the server would make of the text when it parses it with
/// search_path = pg_catalog; none of them needs to know a type or a table. The tree's depth is the caller's to limit.
void normalise(nlohmann::json& tree);

/// Takes the qualifier off the columns of a view's outermost SELECT if its FROM clause has exactly one relation:
/// PostgreSQL 16 and later print them bare, earlier ones do not (ruleutils.c, get_query_def: varprefix).
/// Subqueries and common table expressions keep theirs on every version. `tree` is a whole parse result.
void drop_sole_qualifier(nlohmann::json& tree);

/// Takes away column names that have no meaning: those of a set operation's later arms, and those of a subquery within
/// an expression. `( SELECT true AS bool)` of PostgreSQL 13 is `( SELECT true)` from 15 on, and a dump and restore
/// names the constants of a UNION's second arm.
void drop_hidden_names(nlohmann::json& tree);

} // namespace pgratchet::catalog
