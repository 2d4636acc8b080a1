// SPDX-License-Identifier: Apache-2.0
#include "restore/archived.hpp"

#include "restore/in_utf8.hpp"
#include "restore/roles.hpp"
#include "script/script.hpp"

#include <algorithm>
#include <string>

namespace pgratchet::restore {

namespace {

constexpr std::string_view create = "CREATE DATABASE ";
constexpr std::string_view with_template = " WITH TEMPLATE = template0";
constexpr std::string_view alter = "ALTER DATABASE ";

/// Those of psql, which changes to the database with one. Such a line within a function's body does not matter here.
std::string without_meta_commands(std::string_view script)
{
    std::string kept;
    for (std::size_t at = 0; at < script.size();) {
        auto const end = std::min(script.find('\n', at), script.size() - 1) + 1;
        if (auto const line = script.substr(at, end - at); !line.starts_with('\\')) {
            kept += line;
        }
        at = end;
    }
    return kept;
}

} // namespace

archived read_archived(std::string_view script)
{
    auto const statements = without_meta_commands(in_utf8(script));
    archived found;
    found.roles = roles_named(statements);
    auto const parsed = script::parse("archive", statements, script::dialect::schema_dump);
    std::string_view name; // as pg_dump writes it, in quotes or not
    for (auto const& one : parsed.result.body) {
        auto const text = parsed.result.text_of(one);
        auto const end_of_name = text.find(with_template);
        if (one.node == "CreatedbStmt" && text.starts_with(create) && end_of_name != std::string_view::npos) {
            name = text.substr(create.size(), end_of_name - create.size());
            found.options = text.substr(std::min(end_of_name + with_template.size() + 1, text.size()));
        }
        if (one.node == "AlterDatabaseSetStmt" && !name.empty() && text.starts_with(alter) &&
            text.substr(alter.size()).starts_with(name)) {
            found.settings.emplace_back(text.substr(alter.size() + name.size() + 1));
        }
    }
    return found;
}

} // namespace pgratchet::restore
