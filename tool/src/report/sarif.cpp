// SPDX-License-Identifier: Apache-2.0
#include "report/formats.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace pgratchet::report {

namespace {

using json = nlohmann::ordered_json;

/// A path as a URI reference (RFC 3986): relative ones stay relative.
std::string uri_of(std::string const& path)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view unreserved = "-._~/";
    std::string uri = path.starts_with('/') ? "file://" : "";
    for (char const c : path) {
        auto const byte = static_cast<unsigned char>(c);
        bool const plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           unreserved.find(c) != std::string_view::npos;
        if (plain) {
            uri += c;
        } else {
            uri += {'%', digits[byte >> 4U], digits[byte & 0xFU]};
        }
    }
    return uri;
}

/// Five digits and capitals, not all letters: 42703.
bool is_sqlstate(std::string const& name)
{
    return name.size() == 5 && name.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
}

/// What is known of a rule that is not in the table: the server's errors, and refusals.
rule described(std::string const& name)
{
    if (is_sqlstate(name)) {
        return {name, "PostgreSQL error " + name, "https://www.postgresql.org/docs/current/errcodes-appendix.html",
                severity::error};
    }
    return {name, "refused: " + name, "", severity::error};
}

json rule_object(rule const& one)
{
    json object{{"id", one.name},
                {"shortDescription", {{"text", one.summary}}},
                {"defaultConfiguration", {{"level", in_words(one.level)}}}};
    if (!one.help_uri.empty()) {
        object["helpUri"] = one.help_uri;
    }
    return object;
}

json place_of(location const& where)
{
    json artifact{{"uri", uri_of(where.file)}};
    if (!where.file.starts_with('/')) {
        artifact["uriBaseId"] = "PWD";
    }
    json physical{{"artifactLocation", std::move(artifact)}};
    if (where.line != 0) {
        physical["region"] = {{"startLine", where.line}};
        if (where.column != 0) {
            physical["region"]["startColumn"] = where.column;
        }
    }
    return {{"physicalLocation", std::move(physical)}};
}

std::string whole_text(diagnostic const& d)
{
    std::string text = d.message;
    for (auto const& detail : d.details) {
        text += "\n" + detail;
    }
    return text + (d.hint ? "\nhint: " + *d.hint : "");
}

/// The rules in their order, with those that only this run speaks of behind them.
std::vector<rule> rules_of(run_of_command const& run)
{
    auto rules = run.rules;
    for (auto const& d : run.diagnostics) {
        bool const known = d.name.empty() ||
                           std::any_of(rules.begin(), rules.end(), [&](rule const& one) { return one.name == d.name; });
        if (!known) {
            rules.push_back(described(d.name));
        }
    }
    return rules;
}

json result_of(diagnostic const& d, std::vector<rule> const& rules)
{
    json result;
    if (!d.name.empty()) {
        auto const place =
            std::find_if(rules.begin(), rules.end(), [&](rule const& one) { return one.name == d.name; });
        result["ruleId"] = d.name;
        result["ruleIndex"] = place - rules.begin();
    }
    result["level"] = in_words(d.level);
    result["message"] = {{"text", whole_text(d)}};
    if (!d.where.file.empty()) {
        result["locations"] = json::array({place_of(d.where)});
    }
    if (!d.option.empty()) {
        result["properties"] = {{"option", d.option}};
    }
    return result;
}

} // namespace

std::string to_sarif(run_of_command const& run)
{
    auto const rules = rules_of(run);
    auto rule_objects = json::array();
    for (auto const& one : rules) {
        rule_objects.push_back(rule_object(one));
    }
    auto results = json::array();
    for (auto const& d : run.diagnostics) {
        results.push_back(result_of(d, rules));
    }
    json const driver{{"name", "pgratchet"}, {"version", run.version}, {"rules", std::move(rule_objects)}};
    json const base{{"PWD", {{"uri", uri_of(run.folder) + (run.folder.ends_with('/') ? "" : "/")}}}};
    json const invocation{{"executionSuccessful", run.exit_code == 0}, {"exitCode", run.exit_code}};
    json const one_run{{"tool", {{"driver", driver}}},
                       {"columnKind", "unicodeCodePoints"},
                       {"originalUriBaseIds", base},
                       {"invocations", json::array({invocation})},
                       {"results", std::move(results)}};
    json const document{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                        {"version", "2.1.0"},
                        {"runs", json::array({one_run})}};
    return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

} // namespace pgratchet::report
