// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/query.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pgratchet::compile {

/// The name of a relation's identity, without its schema and quotes.
[[nodiscard]] std::string bare_name(std::string const& identity);

/// The relations of users on the shadow, by OID: as they are, and as they were before the migration that is played.
class relations {
public:
    /// A relation's identity as just read. Other objects are passed over.
    void note(catalog::located_object const&);
    /// The relation of that OID is read anew, or gone.
    void forget(std::string const& oid);

    /// What was noted so far is from now on what was there before.
    void begin_migration();

    /// The identity that a relation had before the migration; nothing if it is new.
    [[nodiscard]] std::optional<std::string> before_migration(std::string const& oid) const;

    /// True unless no relation that is there now can be what a statement's text names: no word in it, in quotes or not,
    /// is the bare name of one.
    [[nodiscard]] bool may_be_named_in(std::string_view statement) const;

    /// The file node that a relation had when it was last looked at. Empty if nobody did.
    [[nodiscard]] std::string file_node(std::string const& oid) const;
    void note_file_node(std::string const& oid, std::string const& node) { m_file_nodes[oid] = node; }

private:
    void count(std::string const& identity, int by);

    std::map<std::string, std::string> m_now;
    std::map<std::string, std::string> m_before;
    std::vector<std::string> m_changed; ///< OIDs for which the two may differ
    std::map<std::string, std::string> m_file_nodes;
    std::unordered_map<std::string, int> m_names; ///< bare names, in lower case: of how many relations
    int m_odd_names = 0;                          ///< names that are no single word
};

} // namespace pgratchet::compile
