// SPDX-License-Identifier: Apache-2.0
// The warnings by name. A new one: a line here in its place, its rule in rules/, its page docs/warnings/NAME.md.
#include "lint/rules/rules.hpp"
#include "lint/warning.hpp"
#include "script/spelling.hpp"

#include <algorithm>
#include <array>

namespace pgratchet::lint {

namespace {

constexpr auto table = std::to_array<warning>({
    {"all-rows", level::warning, "UPDATE or DELETE of every row of an existing table", rules::all_rows},
    {"char-column", level::warning, "a column of type char(n)", rules::char_column},
    {"column-dropped", level::warning, "a column dropped that a running release may still use", rules::column_dropped},
    {"column-renamed", level::warning, "a column renamed that a running release still uses", rules::column_renamed},
    {"comment-lost", level::warning, "an object made again without the comment that it had", rules::comment_lost},
    {"default-dropped", level::warning, "a column that must not be null loses its default", rules::default_dropped},
    {"definer-without-path", level::warning, "SECURITY DEFINER without a search_path of its own",
     rules::definer_without_path},
    {"detach-not-concurrent", level::warning, "DETACH PARTITION without CONCURRENTLY", rules::detach_not_concurrent},
    {"domain-constraint", level::warning, "a check or NOT NULL added to a domain that tables use",
     rules::domain_constraint},
    {"drop-cascade", level::warning, "DROP that takes along what the file does not name", rules::drop_cascade},
    {"early-probe", level::warning, "a probe of work on data is true before its migration"},
    {"foreign-key-without-index", level::warning, "a foreign key whose columns no index begins with",
     rules::foreign_key_without_index},
    {"foreign-rows", level::warning, "rows of another server, behind a foreign table, are changed"},
    {"frozen-moment", level::warning, "a definition holds the moment at which the file was run"},
    {"grant-to-public", level::warning, "privileges for every role there is", rules::grant_to_public},
    {"if-not-exists-differs", level::warning, "IF NOT EXISTS over something else than the file says",
     rules::if_not_exists_differs},
    {"index-not-concurrent", level::warning, "an index of an existing table made or dropped without CONCURRENTLY",
     rules::index_not_concurrent},
    {"invalid-index", level::warning, "an index that a cut-off run leaves invalid and the next passes over",
     rules::invalid_index},
    {"json-column", level::warning, "a column of type json", rules::json_column},
    {"lock-table", level::warning, "LOCK TABLE that keeps everybody out of an existing table", rules::lock_table},
    {"lossy-type-change", level::warning, "a type change that loses values or fails on some", rules::lossy_type_change},
    {"money-column", level::warning, "a column of type money", rules::money_column},
    {"name-truncated", level::warning, "a name that is longer than PostgreSQL keeps", rules::name_truncated},
    {"narrow-key", level::warning, "a primary key that counts up in integer or smallint", rules::narrow_key},
    {"no-primary-key", level::warning, "a new table without a primary key", rules::no_primary_key},
    {"not-a-migration", level::warning, "an SQL file without a number in the folder of migrations"},
    {"object-dropped", level::warning, "a view, function, type or schema dropped that a running release may use",
     rules::object_dropped},
    {"object-renamed", level::warning, "a function, type or schema renamed that a running release uses",
     rules::object_renamed},
    {"password-in-file", level::warning, "a password in a migration", rules::password_in_file},
    {"privileges-lost", level::warning, "an object made again without the privileges that it had",
     rules::privileges_lost},
    {"refresh-not-concurrent", level::warning, "REFRESH MATERIALIZED VIEW without CONCURRENTLY",
     rules::refresh_not_concurrent},
    {"reindex-not-concurrent", level::warning, "REINDEX without CONCURRENTLY", rules::reindex_not_concurrent},
    {"replication-role", level::warning, "triggers and foreign keys switched off for the session",
     rules::replication_role},
    {"required-column", level::warning, "a new column that must not be null and has no default",
     rules::required_column},
    {"row-security-off", level::warning, "row security of an existing table switched off", rules::row_security_off},
    {"second-strong-lock", level::warning, "a table locked while another one is", rules::second_strong_lock},
    {"serial-column", level::warning, "serial in place of an identity column", rules::serial_column},
    {"server-warning", level::warning, "the server said WARNING"},
    {"set-without-local", level::warning, "a setting that outlives its transaction", rules::set_without_local},
    {"table-dropped", level::warning, "a table dropped that a running release may still use", rules::table_dropped},
    {"table-renamed", level::warning, "a table or view renamed that a running release still uses",
     rules::table_renamed},
    {"table-rewrite", level::warning, "an existing table rewritten while nobody can read it", rules::table_rewrite},
    {"timestamp-without-zone", level::warning, "a column of type timestamp without time zone",
     rules::timestamp_without_zone},
    {"trigger-disabled", level::warning, "a trigger of an existing table left disabled", rules::trigger_disabled},
    {"truncate-cascade", level::warning, "TRUNCATE that empties tables it does not name", rules::truncate_cascade},
    {"unlogged-table", level::warning, "a table that a crash empties", rules::unlogged_table},
    {"unparsed-syntax", level::warning, "a statement that the server knows and the parser does not"},
    {"unused-allow", level::warning, "an allowance that allows nothing"},
    {"vacuum-full", level::warning, "VACUUM FULL or CLUSTER of an existing table", rules::vacuum_full},
    {"validation-scan", level::warning, "an existing table read in full under a lock that stops writers",
     rules::validation_scan},
    {"varchar-limit", level::off, "a column of type varchar(n)", rules::varchar_limit},
    {"volatile-default", level::warning, "a new column whose default is another one for each row",
     rules::volatile_default},
    {"wide-index", level::off, "an index on more than three columns", rules::wide_index},
    {"work-under-lock", level::warning, "long work while a table is locked", rules::work_under_lock},
    {"zero-lock-timeout", level::warning, "a wait for locks without an end", rules::zero_lock_timeout},
});

} // namespace

std::span<warning const> all_warnings()
{
    return table;
}

warning const* find_warning(std::string_view name)
{
    auto const* const place =
        std::find_if(table.begin(), table.end(), [&](warning const& one) { return one.name == name; });
    return place == table.end() ? nullptr : place;
}

std::optional<std::string> nearest_name(std::string_view wrong)
{
    constexpr std::size_t longest = 60;
    constexpr std::size_t most_wrong_letters = 3;
    if (wrong.size() > longest) {
        return std::nullopt;
    }
    auto const text = script::in_lower_case(wrong.substr(wrong.starts_with("-W") ? 2 : 0));
    auto const distance = [&](warning const& one) {
        return script::spelling_distance(text, one.name);
    };
    auto const* const best = std::min_element(
        table.begin(), table.end(), [&](warning const& a, warning const& b) { return distance(a) < distance(b); });
    return distance(*best) <= most_wrong_letters ? std::optional{std::string{best->name}} : std::nullopt;
}

std::string all_names()
{
    std::string names;
    for (auto const& one : table) {
        names += (names.empty() ? "" : ", ") + std::string{one.name};
    }
    return names;
}

} // namespace pgratchet::lint
