// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pgratchet::catalog {

/// Which object: its kind and identity in the words of pg_identify_object()
/// (PostgreSQL manual, "Object Information and Location Functions"), with quotes only where the
/// characters of a name ask for them, since the list of key words differs between major versions.
struct object_id {
    std::string kind;     ///< "table", "column", "index", "function", ...
    std::string identity; ///< "public.analysis_jobs.imphash"

    friend auto operator<=>(object_id const&, object_id const&) = default;
};

/// An object's definition: named attributes ("type", "default", "not null"), each as the server's
/// text. An attribute that has its usual value is absent.
using definition = std::map<std::string, std::string>;

/// One thing in the system catalogs.
struct object {
    object_id id;
    std::string root; ///< identity of the relation or type it hangs on (a column's table); its own if it stands alone
    definition attributes;

    friend bool operator==(object const&, object const&) = default;
};

/// All catalog objects of a database at one moment.
using snapshot = std::map<object_id, object>;

/// The object of that identity in a snapshot; null if there is none.
[[nodiscard]] object const* find(snapshot const& in, object_id const& id);

/// An attribute's text; nothing where it has its usual value, or if there is no object.
[[nodiscard]] std::optional<std::string> attribute_of(object const*, std::string const& name);

/// Neighbours in a snapshot.
class part_of_snapshot {
public:
    part_of_snapshot(snapshot::const_iterator first, snapshot::const_iterator last) : m_first{first}, m_last{last} {}
    [[nodiscard]] snapshot::const_iterator begin() const { return m_first; }
    [[nodiscard]] snapshot::const_iterator end() const { return m_last; }
    [[nodiscard]] bool empty() const { return m_first == m_last; }

private:
    snapshot::const_iterator m_first, m_last;
};

/// The objects of one kind in a snapshot.
[[nodiscard]] part_of_snapshot of_kind(snapshot const& in, std::string const& kind);

/// Whether a snapshot, or another map by object_id, holds something of that identity that others can hang on.
template <class Objects>
[[nodiscard]] bool holds_relation_or_type(Objects const& all, std::string const& identity)
{
    constexpr std::array kinds{"table", "view", "materialized view", "foreign table", "type"};
    return std::any_of(kinds.begin(), kinds.end(), [&](char const* kind) { return all.contains({kind, identity}); });
}

/// True of a table, a column of one, and a sequence; not of a generated column. False for null.
[[nodiscard]] bool holds_data(object const*, snapshot const& among);

/// Owner, privileges and comment belong to a migration's effect but are not compared when
/// an environment is located: they differ between environments for good reasons.
[[nodiscard]] bool compared_for_drift(std::string_view attribute);

/// Extensions and schemas: required once created, never required absent, since an administrator may make them
/// beforehand.
[[nodiscard]] bool one_way(object_id const&);

/// Default privileges: part of an effect, never of a state.
[[nodiscard]] bool belongs_to_effect_only(object_id const&);

} // namespace pgratchet::catalog
