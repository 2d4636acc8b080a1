// SPDX-License-Identifier: Apache-2.0
#include "compile/rules.hpp"

#include "errors.hpp"
#include "plan/look_alike.hpp"

#include <algorithm>
#include <regex>
#include <set>
#include <string_view>

namespace pgratchet::compile {

namespace {

void leave_out(plan::effect& changes, std::set<std::string> const& parents, std::set<std::string>& managed)
{
    for (auto const& one : changes) {
        if (!one.after) {
            continue;
        }
        auto const parent = one.after->attributes.find("partition of");
        if (parent != one.after->attributes.end() &&
            (parents.contains(parent->second) || managed.contains(parent->second))) {
            managed.insert(one.id.identity);
        }
    }
    std::erase_if(changes, [&](plan::change const& one) {
        return managed.contains(one.id.identity) || (one.after && managed.contains(one.after->root)) ||
               std::any_of(managed.begin(), managed.end(), [&](std::string const& name) {
                   return one.id.identity.starts_with(name + ".") || one.id.identity.ends_with(" on " + name);
               });
    });
}

std::string probe_hint(std::string const& version)
{
    return "write a probe, " + version +
           "_name.sql, into the folder that PROBES names in pgratchet_add_migrations(): one SELECT that is "
           "false before " +
           version + " and true once it is applied; or move that work into a file that leaves a trace";
}

bool keeps_data_work_apart(source const& one, replay::reporter const& report)
{
    if (one.text.mode == script::transaction_mode::wrapped || one.text.body.size() < 2) {
        return true;
    }
    auto const data =
        std::find_if(one.text.body.begin(), one.text.body.end(), [](auto const& each) { return !each.schema_only; });
    if (data == one.text.body.end()) {
        return true;
    }
    report({report::severity::error,
            data->where,
            "work on data beside other statements in a file without a transaction",
            "data-without-transaction",
            {"cut off half way, the run could not be told from a complete one"},
            "give this statement a file of its own"});
    return false;
}

/// In a file without a transaction what comes after the last trace is never missed: a run that is cut off before it
/// looks complete. (A setting, VACUUM or ANALYZE that is missed there does no harm.)
bool ends_with_a_trace(source const& one, replay::reporter const& report)
{
    auto const& done = one.entry.statements;
    bool const leaves_some =
        std::any_of(done.begin(), done.end(), [](plan::effect const& each) { return !each.empty(); });
    if (one.text.mode == script::transaction_mode::wrapped || !leaves_some) {
        return true;
    }
    for (auto i = done.size(); i > 0 && done[i - 1].empty(); --i) {
        auto const& statement = one.text.body[i - 1];
        if (statement.node != "VariableSetStmt" && statement.node != "VacuumStmt") {
            report({report::severity::error,
                    statement.where,
                    "the last statement of a file without a transaction leaves no trace in the schema",
                    "no-trace-at-end",
                    {"cut off before it, the run could not be told from a complete one"},
                    "put it before a statement that leaves one, or give it a file of its own"});
            return false;
        }
    }
    return true;
}

/// Adds or renames a label of an enum, gives something another name, schema or owner: whatever words stand there.
bool keeps_all_data(script::statement const& one)
{
    static std::set<std::string, std::less<>> const nodes{"AlterEnumStmt", "AlterObjectSchemaStmt", "AlterOwnerStmt",
                                                          "RenameStmt"};
    return nodes.contains(one.node);
}

/// What is left to judge ALTER TYPE by: its own name is no reason, DROP ATTRIBUTE and ALTER ATTRIBUTE ... TYPE are.
std::string_view behind_alter_type(script::statement const& one, std::string_view text)
{
    static std::regex const start{R"(^\s*alter\s+type\b)", std::regex::icase};
    std::match_results<std::string_view::const_iterator> found;
    bool const is_one = !one.node.empty() && std::regex_search(text.begin(), text.end(), found, start);
    return is_one ? text.substr(static_cast<std::size_t>(found.length(0))) : text;
}

} // namespace

bool may_destroy(script::script const& file)
{
    // By words, and rather once too often: plan::may_take_higher() looks whether the effect bears it out.
    static std::regex const words{R"(\b(drop|type)\b)", std::regex::icase};
    return std::any_of(file.body.begin(), file.body.end(), [&](script::statement const& one) {
        bool const can = one.node.empty() || one.command.starts_with("DROP") || one.command.starts_with("ALTER");
        if (!can || keeps_all_data(one)) {
            return false;
        }
        auto const text = behind_alter_type(one, file.text_of(one));
        return std::regex_search(text.begin(), text.end(), words);
    });
}

void demand_partitioned_tables(std::vector<source> const& sources, std::vector<std::string> const& parents)
{
    auto const makes = [](plan::effect const& changes, std::string const& parent) {
        return std::any_of(changes.begin(), changes.end(), [&](plan::change const& one) {
            return one.id.kind == "table" && one.id.identity == parent && one.after &&
                   one.after->attributes.contains("partition key");
        });
    };
    for (auto const& parent : parents) {
        if (std::none_of(sources.begin(), sources.end(),
                         [&](source const& one) { return makes(one.entry.changes, parent); })) {
            throw usage_error{"compile: --job-managed-partitions is '" + parent +
                                  "', and no migration makes a partitioned table of that name",
                              "write it as the server does, with its schema: 'public.events'"};
        }
    }
}

void leave_out_job_managed_partitions(std::vector<source>& sources, std::vector<std::string> const& parents)
{
    std::set<std::string> const declared{parents.begin(), parents.end()};
    std::set<std::string> managed;
    if (declared.empty()) {
        return;
    }
    for (auto& one : sources) {
        leave_out(one.entry.changes, declared, managed);
        for (auto& each : one.entry.statements) {
            leave_out(each, declared, managed);
        }
    }
}

std::vector<plan::ignore_rule> rules_for_job_managed_partitions(std::vector<source> const& sources,
                                                                std::vector<std::string> const& parents)
{
    std::set<catalog::object_id> found;
    for (auto const& one : sources) {
        for (auto const& each : one.entry.changes) {
            bool const may_be_invalid = each.id.kind == "index" || each.id.kind == "table constraint";
            if (may_be_invalid && each.after && std::ranges::find(parents, each.after->root) != parents.end()) {
                found.insert(each.id);
            }
        }
    }
    std::vector<plan::ignore_rule> rules;
    rules.reserve(found.size());
    for (auto const& id : found) {
        rules.push_back({id.kind, id.identity, "valid", "a job makes the partitions, and what is attached to it"});
    }
    return rules;
}

bool can_be_located(plan::plan const& compiled, std::vector<source> const& sources, replay::reporter const& report)
{
    bool good = true;
    for (auto const& one : sources) {
        bool const is_schema_dump = compiled.baseline_schema && &one == &sources.front();
        good = (is_schema_dump || (keeps_data_work_apart(one, report) && ends_with_a_trace(one, report))) && good;
    }
    for (auto const& pair : plan::without_an_answer(compiled)) {
        auto const& high = sources.at(pair.high - 1);
        auto const low_name = plan::version_name(compiled, pair.low);
        auto const data = std::find_if(high.text.body.begin(), high.text.body.end(),
                                       [](auto const& each) { return !each.schema_only || each.untraced; });
        auto const where = data != high.text.body.end() ? data->where : report::location{high.text.file, 1, 1};
        report({report::severity::error,
                where,
                "the schema after " + high.entry.version + " looks as it did at " + low_name +
                    ", and what was done between does not show in it",
                "no-trace",
                {},
                probe_hint(high.entry.version)});
        good = false;
    }
    return good;
}

} // namespace pgratchet::compile
