// SPDX-License-Identifier: Apache-2.0
#include "observe/json.hpp"
#include "plan/plan_file.hpp"

#include <nlohmann/json.hpp>

namespace pgratchet::plan {

namespace {

using nlohmann::ordered_json;

ordered_json write(catalog::object const& value)
{
    ordered_json out{{"kind", value.id.kind}, {"identity", value.id.identity}};
    if (value.root != value.id.identity) {
        out["root"] = value.root;
    }
    if (!value.attributes.empty()) {
        out["attributes"] = value.attributes;
    }
    return out;
}

ordered_json write(effect const& changes)
{
    auto out = ordered_json::array();
    for (auto const& one : changes) {
        auto entry = one.after ? write(*one.after) : ordered_json{{"kind", one.id.kind}, {"identity", one.id.identity}};
        if (!one.after) {
            entry["dropped"] = true;
        }
        if (one.if_not_exists) {
            entry["if not exists"] = true;
        }
        out.push_back(std::move(entry));
    }
    return out;
}

ordered_json write(migration const& one)
{
    ordered_json out{{"version", one.version},         {"file", one.file},
                     {"sha256", one.sha256},           {"transaction", one.mode == script::transaction_mode::wrapped},
                     {"schema_only", one.schema_only}, {"effect", write(one.changes)}};
    if (!one.untraced.empty()) {
        out["untraced"] = one.untraced;
    }
    if (one.may_destroy) {
        out["may_destroy"] = true;
    }
    if (!one.moved_data.empty()) {
        out["moved_data"] = one.moved_data;
    }
    if (!one.foreign_rows.empty()) {
        out["foreign_rows"] = one.foreign_rows;
    }
    for (auto const& each : one.renamed) {
        out["renamed"].push_back({{"kind", each.from.kind}, {"from", each.from.identity}, {"to", each.to.identity}});
    }
    if (!one.statements.empty()) {
        out["statements"] = ordered_json::array();
        for (auto const& each : one.statements) {
            out["statements"].push_back(write(each));
        }
    }
    for (auto const& each : one.observed) {
        out["observed"].push_back(observe::to_json(each));
    }
    return out;
}

ordered_json write(probe const& one)
{
    ordered_json out{
        {"name", one.name}, {"version", one.version}, {"file", one.file}, {"sha256", one.sha256}, {"sql", one.sql}};
    if (one.denies) {
        out["denies"] = true;
    }
    return out;
}

ordered_json write(ignore_rule const& one)
{
    return {{"kind", one.kind}, {"identity", one.identity}, {"attribute", one.attribute}, {"reason", one.reason}};
}

template <typename Values>
std::vector<ordered_json> write_all(Values const& values)
{
    std::vector<ordered_json> out;
    out.reserve(values.size());
    for (auto const& one : values) {
        out.push_back(write(one));
    }
    return out;
}

/// An array with each element on a line of its own: small, and two plans can be compared by diff.
std::string lines(std::vector<ordered_json> const& elements)
{
    std::string text = "[";
    for (auto const& one : elements) {
        text += (text.size() > 1 ? ",\n  " : "\n  ") + one.dump();
    }
    return text + (elements.empty() ? "]" : "\n ]");
}

void write_optional(ordered_json& out, char const* name, std::optional<std::string> const& value)
{
    if (value) {
        out[name] = *value;
    }
}

} // namespace

std::string to_json(plan const& of)
{
    ordered_json out{{"format", plan_format_name},
                     {"format_version", plan_format_version},
                     {"server_version", of.server_version},
                     {"migrations_directory", of.migrations_directory}};
    write_optional(out, "probes_directory", of.probes_directory);
    write_optional(out, "baseline", of.baseline);
    write_optional(out, "baseline_schema", of.baseline_schema);
    out["job_managed_partitions"] = of.job_managed_partitions;
    out["search_path"] = of.search_path;
    out["roles"] = of.roles;
    if (of.runtime_role) {
        out["runtime_role"] = *of.runtime_role;
        out["runtime_privileges"] = of.runtime_privileges;
    }
    std::vector<catalog::object> initial;
    for (auto const& [id, value] : of.initial) {
        initial.push_back(value);
    }
    auto text = out.dump(1);
    text.erase(text.size() - 2); // the closing brace, and the line feed before it
    return text + ",\n \"ignored\": " + lines(write_all(of.ignored)) + ",\n \"initial\": " + lines(write_all(initial)) +
           ",\n \"migrations\": " + lines(write_all(of.migrations)) + ",\n \"probes\": " + lines(write_all(of.probes)) +
           "\n}\n";
}

} // namespace pgratchet::plan
