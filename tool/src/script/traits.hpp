// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "script/script.hpp"

#include <string>
#include <string_view>

/// What a statement's kind and words say of what it may do. When in doubt, that it may.
namespace pgratchet::script {

/// True if a statement of a file without a transaction may be given one of its own on the shadow, so that its locks can
/// be seen: nothing is different for it. Where the server refuses (SQLSTATE 25001) nothing has happened yet.
[[nodiscard]] bool may_run_in_transaction(std::string_view text, statement const&);

/// True for a statement that makes new objects, changes none that is there, and runs no code of the user's.
[[nodiscard]] bool only_makes_objects(std::string_view text, statement const&);

/// True if all statements of a file only make objects, none a temporary one: then the session is as clean behind it as
/// it was before, unless an event trigger has had a hand in it.
[[nodiscard]] bool leaves_session_clean(script const&);

/// No event trigger fires for commands about event triggers; and what a block or an unknown statement does cannot be
/// told.
[[nodiscard]] bool may_touch_event_triggers(statement const&);

/// True of ALTER ... RENAME and ALTER ... SET SCHEMA.
[[nodiscard]] bool gives_another_name(statement const&);

/// True of ALTER TABLE ... DROP IDENTITY, or what may be one: the server drops the sequence, and reports nothing.
[[nodiscard]] bool may_drop_identity(std::string_view text, statement const&);

/// True for what works on the rows of tables, or may.
[[nodiscard]] bool works_on_rows(statement const&);

/// True for what changes rows, or may, by its own words or those of a prepared statement: INSERT and the like,
/// TRUNCATE, COPY, a SELECT or CREATE TABLE AS with one of them in WITH, and what is not known.
[[nodiscard]] bool may_change_rows(statement const&);

/// True of those of them that EXPLAIN takes, or may take.
[[nodiscard]] bool has_plan(statement const&);

/// True of CREATE TABLE AS and SELECT INTO.
[[nodiscard]] bool makes_table(std::string_view text, statement const&);

/// What goes to the server in place of a statement whose rows are not to be changed: it is planned, where it has a
/// plan.
[[nodiscard]] std::string planned_only(std::string_view text, statement const&);

/// True for settings, which lock no relation.
[[nodiscard]] bool is_setting(statement const&);

/// True for statements after which the server may have no prepared statements any more.
[[nodiscard]] bool deallocates(statement const&);

/// True unless all statements of a file only make objects: then none changes privileges.
[[nodiscard]] bool may_grant(script const&);

} // namespace pgratchet::script
