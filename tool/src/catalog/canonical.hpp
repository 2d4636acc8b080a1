// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/object.hpp"

#include <string>
#include <string_view>

namespace pgratchet::catalog {

/// True if two texts that servers deparsed (search_path = pg_catalog) for one attribute of one object mean the same.
/// Equal text is equal; otherwise both are parsed by libpg_query and compared in a canonical form, which takes away
/// what PostgreSQL 13 to 18, and a dump and restore, were measured to print differently: casts around or inside an
/// ARRAY, qualifiers in a view of one relation, SQL's own call syntax, a parameter's default mode, column names that
/// have no meaning. Errs on the side of "differs": a text that libpg_query does not know, or that is over 64 KiB,
/// equals only itself, and so does every attribute that holds no deparsed SQL. False is no proof of a difference. Does
/// not throw but for lack of memory.
[[nodiscard]] bool same_meaning(object_id const& id, std::string const& attribute, std::string_view a,
                                std::string_view b);

} // namespace pgratchet::catalog
