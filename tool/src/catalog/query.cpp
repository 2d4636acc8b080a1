// SPDX-License-Identifier: Apache-2.0
#include "catalog/query.hpp"

#include "catalog/query_parts.hpp"
#include "catalog/settings.hpp"

#include <algorithm>
#include <utility>

namespace pgratchet::catalog {

namespace {

std::string replace_all(std::string text, std::string_view what, std::string_view with)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
    return text;
}

/// Collects the conditions that cut the parts of a query down to its scope.
class restriction {
public:
    explicit restriction(scope const& wanted) : m_wanted{wanted} {}

    /// The condition for a part; nothing if the part is not to be read at all.
    std::optional<std::string> condition(query_part const& part)
    {
        if (m_wanted.by == scope::selection::everything) {
            return "true";
        }
        auto const names = m_wanted.wanted.find(std::string{part.catalog});
        if (names == m_wanted.wanted.end()) {
            return std::nullopt;
        }
        if (part.name_column.empty()) {
            return "true"; // a small catalog: reading it whole costs less than finding out what of it
        }
        bool const by_oid = m_wanted.by == scope::selection::by_oid;
        return std::string{by_oid ? part.oid_column : part.name_column} + " = ANY (" +
               parameter(names->first, names->second) + (by_oid ? "::oid[])" : "::name[])");
    }

    std::vector<std::string> values;

private:
    std::string parameter(catalog_name const& of, std::set<std::string> const& names)
    {
        auto const [place, is_new] = m_numbers.try_emplace(of, values.size() + 1);
        if (is_new) {
            values.push_back(array_text({names.begin(), names.end()}));
        }
        return "$" + std::to_string(place->second);
    }

    scope const& m_wanted;
    std::map<catalog_name, std::size_t> m_numbers;
};

/// The settings that pg_get_viewdef() and its kin depend on. lock_timeout: reading a definition takes locks and must
/// not queue behind a long ALTER. jit: compiling a query of a thousand expressions takes longer than running it.
settings const pinned{{"search_path", "pg_catalog, pg_temp"},
                      {"quote_all_identifiers", "off"},
                      {"DateStyle", "ISO, YMD"},
                      {"IntervalStyle", "postgres"},
                      {"TimeZone", "UTC"},
                      {"standard_conforming_strings", "on"},
                      {"bytea_output", "hex"},
                      {"extra_float_digits", "1"},
                      {"statement_timeout", "0"},
                      {"lock_timeout", "2s"},
                      {"jit", "off"}};

settings const& pinned_for_few()
{
    static auto const values = [] {
        auto all = pinned;
        all.insert(all.end(), {{"enable_seqscan", "off"},
                               {"enable_bitmapscan", "off"}, // it would go through all names of a schema
                               {"enable_hashjoin", "off"},
                               {"enable_mergejoin", "off"},
                               {"plan_cache_mode", "force_generic_plan"}});
        return all;
    }();
    return values;
}

} // namespace

std::string const& pinned_settings()
{
    static auto const statement = set_all(pinned, lasting::transaction);
    return statement;
}

std::string const& pinned_for_few_objects()
{
    static auto const statement = set_all(pinned_for_few(), lasting::transaction);
    return statement;
}

std::string pinned_for_few_objects_in_function()
{
    std::string clauses;
    for (auto const& [name, value] : pinned_for_few()) {
        // The path is a list: in quotes it would be one name.
        clauses += "\n  SET " + name + " = " + (name == "search_path" ? value : "'" + value + "'");
    }
    return clauses;
}

std::string array_text(std::vector<std::string> const& values)
{
    std::string text = "{";
    for (auto const& value : values) {
        text += text.size() > 1 ? ",\"" : "\"";
        for (char const c : value) {
            if (c == '"' || c == '\\') {
                text += '\\';
            }
            text += c;
        }
        text += '"';
    }
    return text + "}";
}

std::string array_literal(std::vector<std::string> const& values)
{
    return literal(array_text(values));
}

query snapshot_query(scope const& wanted, int server_version, std::string const& role)
{
    std::string selects;
    std::string relations;
    restriction cut{wanted};
    for (auto const& part : query_parts(server_version)) {
        auto const condition = cut.condition(part);
        if (!condition) {
            continue;
        }
        auto const sql = replace_all(replace_all(part.sql, "{in scope}", *condition), "{deployer}", role);
        if (part.is_common_table) {
            relations = sql;
        } else {
            selects += selects.empty() ? sql : "\nUNION ALL\n" + sql;
        }
    }
    if (selects.empty()) {
        return {};
    }
    return {(relations.empty() ? "" : "WITH " + relations + "\n") + selects, std::move(cut.values)};
}

} // namespace pgratchet::catalog
