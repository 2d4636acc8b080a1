// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lint/facts.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Who did what: the effect of a migration, told from its statements.
namespace pgratchet::lint {

/// One change to one object, and the statement that made it.
struct deed {
    plan::change const* what;
    /// Null if nobody knows. Where the whole catalog has to be read each time, only the effect of the file as a whole
    /// is known; then the statement that drops something is guessed from its words.
    statement_facts const* by;

    [[nodiscard]] bool drops() const { return !what->after; }
    [[nodiscard]] bool is_rename() const; ///< the statement renames or moves: the object lives on under another name
};

/// All changes, statement by statement, in order; then those of the file as a whole that no statement owns up to.
[[nodiscard]] std::vector<deed> deeds_of(migration_facts const&);

/// The last change to an object. Quicker than deeds_of() where one object is asked for; both fields are null if there
/// is none.
[[nodiscard]] deed last_deed(migration_facts const&, catalog::object_id const&);

/// The place of a deed: where its statement names the object, else the statement, else the head of the file.
[[nodiscard]] report::location place_of(migration_facts const&, deed const&);

/// The place of the last change to an object.
[[nodiscard]] report::location place_of(migration_facts const&, catalog::object_id const&);

/// The first place where a statement has a name, or a word, outside of strings; its first character if it has not.
[[nodiscard]] report::location place_of_name(statement_facts const&, std::string_view name);

/// The object as the migration leaves it, and as it stands right before a statement; null if there is none.
[[nodiscard]] catalog::object const* object_after(migration_facts const&, catalog::object_id const&);
[[nodiscard]] catalog::object const* object_before(migration_facts const&, std::size_t statement,
                                                   catalog::object_id const&);

/// True if some statement dropped an object that was there before the migration, whatever came of it later.
[[nodiscard]] bool was_dropped(migration_facts const&, catalog::object_id const&);

/// An attribute of an object; empty if it is absent, or the object null.
[[nodiscard]] std::string attribute(catalog::object const*, std::string_view name);

/// The parts of an identity such as `public.orders."the id"`, unquoted, up to the first parenthesis: public, orders,
/// the id.
[[nodiscard]] std::vector<std::string> parts_of(std::string_view identity);
[[nodiscard]] std::string bare_name(std::string_view identity); ///< the last of them

/// True for a table of this database, or a foreign one, in which an application keeps rows: no view, no composite type.
[[nodiscard]] bool is_table(migration_facts const&, std::string const& identity);

/// True for a table that was there before the migration and still is.
[[nodiscard]] bool is_existing_table(migration_facts const&, std::string const& identity);

/// True for a partition, or a table that inherits: it repeats what its parent says.
[[nodiscard]] bool is_child(migration_facts const&, std::string const& identity);

} // namespace pgratchet::lint
