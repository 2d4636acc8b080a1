// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/query.hpp"
#include "database/session.hpp"
#include "plan/agreement.hpp"
#include "plan/plan.hpp"

#include <set>
#include <string>
#include <vector>

namespace pgratchet::apply {

/// What the proof works with, carried from one migration to the next.
struct picture {
    catalog::snapshot expected; ///< the plan's catalog before the migration
    catalog::snapshot live;     ///< the environment's, unmanaged objects included
};

/// What a migration did otherwise than compiled: one line for each object, "column public.t.c: type: expected integer,
/// found text".
using objections = std::vector<std::string>;

/// The comparison of the live catalog, as the open transaction sees it, with the effect of a migration: what was
/// expected is there, and nothing else appeared on what the migration touched (an event trigger of the database may
/// add).
class proof {
public:
    /// `renamed` is what the effect gives another name: what it does not set of an object's owner, privileges and
    /// comment is as it was under the old one.
    proof(plan::plan const&, plan::effect const&, std::vector<plan::renaming> const& renamed, plan::tolerance const&,
          picture&);

    /// What is to be read for it: only what the effect names.
    [[nodiscard]] catalog::scope const& scope() const { return m_scope; }

    /// Judges what was read. Texts that differ are defined on the session's server, to learn whether they mean the
    /// same.
    [[nodiscard]] objections judge(database::session&, std::vector<catalog::located_object> read);

    /// What it found there.
    [[nodiscard]] catalog::snapshot const& found() const { return m_found; }

    /// Makes the picture that after the migration, once that is committed.
    void accept();

private:
    [[nodiscard]] bool concerns(catalog::object const&) const;

    plan::plan const& m_plan;
    plan::effect const& m_changes;
    std::vector<plan::renaming> const& m_renamed;
    plan::tolerance const& m_settled;
    picture& m_known;
    catalog::scope m_scope{catalog::scope::selection::by_name, {}};
    std::set<std::string> m_roots;           ///< identities of what is touched
    std::set<catalog::catalog_name> m_whole; ///< small catalogs, which are read whole
    catalog::snapshot m_found;
};

/// Reads and judges what is committed already, and accepts it if there are no objections.
[[nodiscard]] objections prove(database::session&, plan::plan const&, plan::effect const&,
                               std::vector<plan::renaming> const&, plan::tolerance const&, picture&);

} // namespace pgratchet::apply
