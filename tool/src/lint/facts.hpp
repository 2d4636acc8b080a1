// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/object.hpp"
#include "observe/observation.hpp"
#include "plan/plan.hpp"
#include "script/script.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::lint {

/// A statement of a migration, and what it did on the shadow. Views of the script, which must outlive it.
class statement_facts {
public:
    statement_facts(script::script const& file, script::statement const& which) : m_file{&file}, m_statement{&which} {}

    [[nodiscard]] script::statement const& statement() const { return *m_statement; }
    [[nodiscard]] std::string const& node() const { return m_statement->node; } ///< "AlterTableStmt"
    [[nodiscard]] std::string_view text() const { return m_file->text_of(*m_statement); }
    [[nodiscard]] report::location const& where() const { return m_statement->where; } ///< its first character

    /// The place of a parse node's "location", which counts bytes from 0 within the statement; that of the statement
    /// if it is not in there.
    [[nodiscard]] report::location where(nlohmann::json const& node) const;

    /// The place of a byte, counted from 0 within the statement.
    [[nodiscard]] report::location where(std::size_t offset) const
    {
        return m_file->location_of(m_statement->begin + offset);
    }

    /// The fields of the statement's parse node as libpg_query gives them ({"relations": [...], "behavior": ...} for a
    /// TruncateStmt); null if it does not know the statement, or if that is beyond its limits. Taken apart on the first
    /// call, so ask for node() before.
    [[nodiscard]] nlohmann::json const& tree() const;

    plan::effect changes;                       ///< what it did to the catalog
    std::vector<observe::observation> observed; ///< what it did to the relations that were there before the migration

private:
    script::script const* m_file;
    script::statement const* m_statement;
    mutable std::optional<nlohmann::json> m_tree;
};

/// A migration after its replay.
struct migration_facts {
    std::string const& version;
    script::script const& file;
    catalog::snapshot const& before; ///< all objects right before it
    plan::effect const& changes;     ///< what it did to the catalog as a whole
    std::vector<plan::renaming> const& renamed;
    std::vector<statement_facts> statements; ///< those of file.body, in order

    /// True if an object was there before this migration: what a file makes itself nobody uses yet.
    [[nodiscard]] bool existed_before(catalog::object_id const& id) const
    {
        return catalog::find(before, id) != nullptr;
    }

    /// An object as it was right before this migration, whatever its name was then; null if it is new.
    [[nodiscard]] catalog::object const* was(catalog::object_id const& id) const;
};

} // namespace pgratchet::lint
