// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"
#include "observe/json.hpp"
#include "plan/plan_file.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>

namespace pgratchet::plan {

namespace {

using nlohmann::json;

/// A number that is no int would be undefined behaviour in the library's conversion. -1: none that a plan has.
int read_int(json const& in)
{
    bool const fits = in.is_number_unsigned() && in.get<std::uint64_t>() <= std::numeric_limits<int>::max();
    return fits ? in.get<int>() : -1;
}

/// Of statements. What is no such number is 0: that of none.
std::vector<std::size_t> read_numbers(json const& in, char const* key)
{
    std::vector<std::size_t> numbers;
    if (in.contains(key)) {
        for (auto const& each : in.at(key)) {
            numbers.push_back(static_cast<std::size_t>(std::max(read_int(each), 0)));
        }
    }
    return numbers;
}

catalog::object read_object(json const& in)
{
    catalog::object value;
    value.id = {in.at("kind").get<std::string>(), in.at("identity").get<std::string>()};
    value.root = in.value("root", value.id.identity);
    if (in.contains("attributes")) {
        value.attributes = in.at("attributes").get<catalog::definition>();
    }
    return value;
}

effect read_effect(json const& in)
{
    effect changes;
    for (auto const& entry : in) {
        auto value = read_object(entry);
        change one{value.id, std::nullopt, entry.value("if not exists", false)};
        if (!entry.value("dropped", false)) {
            one.after = std::move(value);
        }
        changes.push_back(std::move(one));
    }
    return changes;
}

migration read_migration(json const& in)
{
    migration one;
    one.version = in.at("version").get<std::string>();
    one.file = in.at("file").get<std::string>();
    one.sha256 = in.at("sha256").get<std::string>();
    one.mode = in.at("transaction").get<bool>() ? script::transaction_mode::wrapped : script::transaction_mode::none;
    one.schema_only = in.at("schema_only").get<bool>();
    if (in.contains("untraced")) {
        for (auto const& each : in.at("untraced")) {
            one.untraced.push_back(each.get<std::string>());
        }
    }
    one.may_destroy = in.value("may_destroy", false);
    one.moved_data = read_numbers(in, "moved_data");
    one.foreign_rows = read_numbers(in, "foreign_rows");
    if (in.contains("renamed")) {
        for (auto const& each : in.at("renamed")) {
            auto const kind = each.at("kind").get<std::string>();
            one.renamed.push_back(
                {{kind, each.at("from").get<std::string>()}, {kind, each.at("to").get<std::string>()}});
        }
    }
    one.changes = read_effect(in.at("effect"));
    if (in.contains("statements")) { // (value() would copy, and a copy of arrays within arrays recurses)
        for (auto const& each : in.at("statements")) {
            one.statements.push_back(read_effect(each));
        }
    }
    if (in.contains("observed")) {
        for (auto const& each : in.at("observed")) {
            one.observed.push_back(observe::from_json(each));
        }
    }
    return one;
}

std::optional<std::string> read_optional(json const& in, char const* name)
{
    return in.contains(name) ? std::optional{in.at(name).get<std::string>()} : std::nullopt;
}

plan read_plan(json const& in)
{
    plan out;
    out.server_version = read_int(in.at("server_version"));
    out.migrations_directory = in.at("migrations_directory").get<std::string>();
    out.probes_directory = read_optional(in, "probes_directory");
    out.baseline = read_optional(in, "baseline");
    out.baseline_schema = read_optional(in, "baseline_schema");
    out.search_path = in.at("search_path").get<std::string>();
    out.roles = in.at("roles").get<std::vector<std::string>>();
    out.runtime_role = read_optional(in, "runtime_role");
    out.runtime_privileges = in.value("runtime_privileges", std::vector<std::string>{});
    for (auto const& rule : in.at("ignored")) {
        out.ignored.push_back({rule.at("kind"), rule.at("identity"), rule.at("attribute"), rule.at("reason")});
    }
    out.job_managed_partitions = in.at("job_managed_partitions").get<std::vector<std::string>>();
    for (auto const& entry : in.at("initial")) {
        auto value = read_object(entry);
        out.initial.insert_or_assign(value.id, value);
    }
    for (auto const& entry : in.at("migrations")) {
        out.migrations.push_back(read_migration(entry));
    }
    for (auto const& one : in.at("probes")) {
        out.probes.push_back({one.at("name"), one.at("version"), one.at("file"), one.at("sha256"), one.at("sql"),
                              one.value("denies", false)});
    }
    return out;
}

/// What a compiled plan never says, and the rest of the executor relies on.
std::optional<std::string> contradiction(plan const& of)
{
    if (of.server_version < 0) {
        return "its server_version is none";
    }
    if (of.baseline && !index_of(of, *of.baseline)) {
        return "its baseline is none of its migrations";
    }
    if (of.baseline_schema && !of.baseline) {
        return "it has a schema of a baseline, and no baseline";
    }
    for (auto const& one : of.migrations) {
        if (!std::all_of(one.observed.begin(), one.observed.end(), observe::is_sound)) {
            return "what was observed of " + one.version + " has no statement, relation or lock";
        }
    }
    return std::nullopt;
}

} // namespace

plan from_json(std::string_view text, std::string const& name)
{
    auto const damaged = [&](std::string const& why) {
        return configuration_error{name + " is not a usable plan: " + why,
                                   "compile it again: build the target schema_plan"};
    };
    try {
        auto const in = json::parse(text);
        if (!in.is_object() || in.value("format", "") != plan_format_name) {
            throw damaged("it does not say \"format\": \"" + std::string{plan_format_name} + "\"");
        }
        auto const& version = in.at("format_version");
        if (read_int(version) != plan_format_version) {
            throw damaged("its format version is " + (version.is_number() ? version.dump() : "no number") +
                          ", this executor reads " + std::to_string(plan_format_version));
        }
        auto compiled = read_plan(in);
        if (auto const why = contradiction(compiled)) {
            throw damaged(*why);
        }
        return compiled;
    } catch (json::exception const& problem) {
        throw damaged(problem.what());
    }
}

} // namespace pgratchet::plan
