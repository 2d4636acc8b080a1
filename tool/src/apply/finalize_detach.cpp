// SPDX-License-Identifier: Apache-2.0
#include "apply/finalize_detach.hpp"

#include "catalog/query.hpp"

namespace pgratchet::apply {

std::optional<std::string> finalize_detach(database::session& on, plan::effect const& of_statement,
                                           report::location const& where,
                                           std::function<void(report::diagnostic const&)> const& say)
{
    if (on.server_version() < 140000) {
        return std::nullopt;
    }
    for (auto const& one : of_statement) {
        if (!one.after || one.after->root != one.id.identity) {
            continue; // no relation
        }
        auto const parent = on.execute("SELECT pg_catalog.format('%I.%I', n.nspname, p.relname) "
                                       "FROM pg_catalog.pg_inherits h "
                                       "JOIN pg_catalog.pg_class p ON p.oid = h.inhparent "
                                       "JOIN pg_catalog.pg_namespace n ON n.oid = p.relnamespace "
                                       "WHERE h.inhdetachpending AND h.inhrelid = pg_catalog.to_regclass(" +
                                       on.quote(catalog::quoted(one.id.identity)) + ")");
        if (!parent.empty()) {
            auto const of = parent.at(0).at(0).value();
            say({report::severity::note,
                 where,
                 one.id.identity + " is half detached from " + of + " by a cut-off run: FINALIZE ends that",
                 "finalized",
                 {},
                 std::nullopt});
            return "ALTER TABLE " + of + " DETACH PARTITION " + catalog::quoted(one.id.identity) + " FINALIZE";
        }
    }
    return std::nullopt;
}

} // namespace pgratchet::apply
