// SPDX-License-Identifier: Apache-2.0
// Types of existing columns that change so that values fail or are lost.
#include "lint/deeds.hpp"
#include "lint/rules/rules.hpp"
#include "lint/server_type.hpp"
#include "lint/tree_text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace pgratchet::lint::rules {

namespace {

/// The width of an integer type in bytes; 0 for any other type.
int integer_width(std::string const& name)
{
    return name == "smallint" ? 2 : name == "integer" ? 4 : name == "bigint" ? 8 : 0; // NOLINT(*-magic-numbers)
}

bool is_floating(std::string const& name)
{
    return name == "real" || name == "double precision";
}

bool is_text(std::string const& name)
{
    return name == "text" || name == "character varying" || name == "character" || name == "citext";
}

std::optional<std::string> numbers_lose(server_type const& was, server_type const& is)
{
    auto const from = integer_width(was.name);
    auto const to = integer_width(is.name);
    if (from != 0 && to != 0) {
        return to < from ? std::optional{"values that do not fit make it fail"} : std::nullopt;
    }
    bool const was_exact = was.name == "numeric";
    if ((was_exact || is_floating(was.name)) && to != 0) {
        return "what stands behind the point is rounded away";
    }
    constexpr int largest_that_double_holds = 4;
    if (is_floating(is.name) && (was_exact || from > largest_that_double_holds || (from > 2 && is.name == "real"))) {
        return "numbers of many digits are rounded";
    }
    if (was.name == "double precision" && is.name == "real") {
        return "digits behind the sixth are rounded away";
    }
    if (was_exact && is.name == "numeric" && !is.numbers.empty()) {
        auto const whole = [](server_type const& of) {
            return of.number(0) - of.number(1);
        };
        if (was.numbers.empty() || was.number(1) > is.number(1)) {
            return "digits behind the point are rounded away";
        }
        return whole(was) > whole(is) ? std::optional{"values that do not fit make it fail"} : std::nullopt;
    }
    return std::nullopt;
}

std::optional<std::string> texts_lose(server_type const& was, server_type const& is)
{
    if (!is_text(was.name) || !is_text(is.name) || is.numbers.empty()) {
        return std::nullopt;
    }
    bool const shorter = was.numbers.empty() || was.number(0) > is.number(0);
    return shorter ? std::optional{"longer values make it fail, or are cut if USING casts them"} : std::nullopt;
}

std::optional<std::string> times_lose(server_type const& was, server_type const& is)
{
    constexpr std::string_view with = "timestamp with time zone";
    constexpr std::string_view without = "timestamp without time zone";
    bool const was_stamp = was.name == with || was.name == without;
    if (was_stamp && (is.name == "date" || is.name.starts_with("time "))) {
        return is.name == "date" ? "the time of day is lost" : "the day is lost";
    }
    if (was_stamp && (is.name == with || is.name == without)) {
        if (was.name != is.name) {
            return "each value is read in the TimeZone of the session that runs the file";
        }
        bool const coarser = !is.numbers.empty() && (was.numbers.empty() || was.number(0) > is.number(0));
        return coarser ? std::optional{"fractions of a second are rounded away"} : std::nullopt;
    }
    return std::nullopt;
}

std::optional<std::string> loses(server_type const& was, server_type const& is)
{
    if (was.is_array != is.is_array) {
        return std::nullopt;
    }
    for (auto const& look : {numbers_lose, texts_lose, times_lose}) {
        if (auto reason = look(was, is)) {
            return reason;
        }
    }
    return std::nullopt;
}

/// True if some statement changes the type of that column by an expression of its own.
bool has_using(migration_facts const& migration, std::string const& column)
{
    for (auto const& one : migration.statements) {
        if (one.node() != "AlterTableStmt") {
            continue;
        }
        for (auto const& item : list(one.tree(), "cmds")) {
            auto const& command = field(item, "AlterTableCmd");
            auto const& definition = field(field(command, "def"), "ColumnDef");
            if (text_field(command, "subtype") == "AT_AlterColumnType" && text_field(command, "name") == column &&
                definition.contains("raw_default")) {
                return true;
            }
        }
    }
    return false;
}

/// Widenings that keep every value, so that USING cannot lose any by the type alone.
bool only_widens(server_type const& was, server_type const& is)
{
    bool const is_wider_integer = integer_width(was.name) != 0 && integer_width(is.name) >= integer_width(was.name);
    bool const is_wider_number = integer_width(was.name) != 0 && is.name == "numeric" && is.numbers.empty();
    return is_wider_integer || is_wider_number || (was.name == is.name && was.is_array == is.is_array) ||
           is.name == "text" || (is.name == "character varying" && is.numbers.empty());
}

} // namespace

std::vector<finding> lossy_type_change(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& change : migration.changes) {
        auto const* const was = catalog::find(migration.before, change.id);
        if (change.id.kind != "column" || !change.after || was == nullptr || was_dropped(migration, change.id) ||
            !is_existing_table(migration, was->root) || is_child(migration, was->root)) {
            continue;
        }
        auto const before = attribute(was, "type");
        auto const after = attribute(&*change.after, "type");
        if (before == after) {
            continue;
        }
        auto reason = loses(server_type::read(before), server_type::read(after));
        if (!reason && has_using(migration, bare_name(change.id.identity)) &&
            !only_widens(server_type::read(before), server_type::read(after))) {
            reason = "what USING makes of the values cannot be undone";
        }
        if (reason) {
            found.push_back({place_of(migration, change.id),
                             change.id.identity + " changes from " + before + " to " + after + ": " + *reason,
                             {},
                             "add a column of the new type, fill it, look at what does not fit, and drop the old one "
                             "later"});
        }
    }
    return found;
}

} // namespace pgratchet::lint::rules
