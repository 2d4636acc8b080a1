// SPDX-License-Identifier: Apache-2.0
#include "catalog/identity.hpp"
#include "catalog/query.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace pgratchet::catalog {

namespace {

bool needs_no_quotes(std::string_view name)
{
    auto const starts = [](char c) {
        return (c >= 'a' && c <= 'z') || c == '_';
    };
    auto const goes_on = [&](char c) {
        return starts(c) || (c >= '0' && c <= '9') || c == '$';
    };
    return !name.empty() && starts(name.front()) && std::all_of(name.begin(), name.end(), goes_on);
}

/// The last dotted component of a qualified name, up to an argument list or its like, without quotes.
std::string bare_name(std::string_view identity)
{
    std::string name;
    for (std::size_t at = 0; at < identity.size();) {
        if (identity[at] == '"') {
            auto const end = end_of_quoted(identity, at);
            name += identity.substr(at + 1, end - at - 2);
            at = end;
        } else if (identity[at] == '.') {
            name.clear();
            ++at;
        } else if (identity[at] == '(') {
            break;
        } else {
            name += identity[at++];
        }
    }
    for (auto at = name.find("\"\""); at != std::string::npos; at = name.find("\"\"", at + 1)) {
        name.erase(at, 1);
    }
    return name;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 32> catalogs{{
    {"table", "pg_class"},
    {"view", "pg_class"},
    {"materialized view", "pg_class"},
    {"foreign table", "pg_class"},
    {"sequence", "pg_class"},
    {"column", "pg_class"},
    {"table constraint", "pg_class"},
    {"index", "pg_class"},
    {"invalid index", "pg_class"},
    {"trigger", "pg_class"},
    {"policy", "pg_class"},
    {"rule", "pg_class"},
    {"function", "pg_proc"},
    {"procedure", "pg_proc"},
    {"aggregate", "pg_proc"},
    {"type", "pg_type"},
    {"domain constraint", "pg_type"},
    {"schema", "pg_namespace"},
    {"extension", "pg_extension"},
    {"cast", "pg_cast"},
    {"operator", "pg_operator"},
    {"operator family", "pg_opfamily"},
    {"operator class", "pg_opclass"},
    {"collation", "pg_collation"},
    {"text search configuration", "pg_ts_config"},
    {"text search dictionary", "pg_ts_dict"},
    {"statistics object", "pg_statistic_ext"},
    {"event trigger", "pg_event_trigger"},
    {"foreign-data wrapper", "pg_foreign_data_wrapper"},
    {"server", "pg_foreign_server"},
    {"language", "pg_language"},
    {"default privileges", "pg_default_acl"},
}};

} // namespace

std::string without_needless_quotes(std::string const& identity)
{
    std::string plain;
    for (std::size_t at = 0; at < identity.size();) {
        if (identity[at] != '"') {
            plain += identity[at++];
            continue;
        }
        auto const end = end_of_quoted(identity, at);
        auto const inner = std::string_view{identity}.substr(at + 1, end - at - 2);
        plain += needs_no_quotes(inner) ? inner : std::string_view{identity}.substr(at, end - at);
        at = end;
    }
    return plain;
}

std::string quoted(std::string const& identity)
{
    std::string out;
    for (std::size_t at = 0; at < identity.size();) {
        if (identity[at] == '"') {
            auto const end = end_of_quoted(identity, at);
            out += identity.substr(at, end - at);
            at = end;
        } else if (identity[at] == '.') {
            out += identity[at++];
        } else {
            auto const end = std::min(identity.find('.', at), identity.size());
            out += '"' + identity.substr(at, end - at) + '"';
            at = end;
        }
    }
    return out;
}

located_object decode(std::vector<std::optional<std::string>> const& row)
{
    located_object located{row.at(0).value(), row.at(1).value(), {}};
    located.value.id = {row.at(2).value(), without_needless_quotes(row.at(3).value())};
    located.value.root = without_needless_quotes(row.at(4).value());
    auto const attributes = nlohmann::json::parse(row.at(5).value());
    for (auto const& [name, value] : attributes.items()) {
        if (value.is_null()) {
            continue;
        }
        auto text = value.get<std::string>();
        // array_to_string() and concat_ws() give an empty text for "none"; to nobody at all is a set of privileges.
        if (!text.empty() || name == "privileges") {
            located.value.attributes.emplace(name, std::move(text));
        }
    }
    return located;
}

std::vector<std::string> kinds()
{
    std::vector<std::string> all;
    all.reserve(catalogs.size());
    for (auto const& entry : catalogs) {
        all.emplace_back(entry.first);
    }
    return all;
}

root_name root_of(object const& value)
{
    auto const place =
        std::find_if(catalogs.begin(), catalogs.end(), [&](auto const& entry) { return entry.first == value.id.kind; });
    auto const catalog = place == catalogs.end() ? std::string_view{"pg_class"} : place->second;
    return {std::string{catalog}, bare_name(value.root)};
}

} // namespace pgratchet::catalog
