// SPDX-License-Identifier: Apache-2.0
#include "compile/rules.hpp"

#include "catalog/compare.hpp"
#include "errors.hpp"
#include "plan/cut_off.hpp"
#include "plan/effect.hpp"
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
        // As regclass writes it, which quotes a name that is a key word: identities do not.
        auto const parent = catalog::without_needless_quotes(
            catalog::attribute_of(&*one.after, "partition of").value_or(std::string{}));
        if (parents.contains(parent) || managed.contains(parent)) {
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

/// `like` is what the version looks like: there above all the probe has to be false.
std::string probe_hint(std::string const& version, std::string const& like)
{
    return "write a probe, " + version +
           "_name.sql, into the folder that PROBES names in pgratchet_add_migrations(): one SELECT that is false "
           "before " +
           version + ", also at " + like + ", which looks like it, and true once " + version +
           " is applied; or move that work into a file that leaves a trace";
}

bool does_not_show(script::statement const& one)
{
    return !one.schema_only || !one.untraced.empty();
}

bool keeps_data_work_apart(source const& one, replay::reporter const& report)
{
    if (one.text.body.size() < 2) {
        return true;
    }
    auto const work = std::find_if(one.text.body.begin(), one.text.body.end(), does_not_show);
    if (work == one.text.body.end()) {
        return true;
    }
    report({report::severity::error,
            work->where,
            std::string{work->schema_only ? "work that does not show in the schema" : "work on data"} +
                " beside other statements in a file without a transaction",
            "data-without-transaction",
            {"cut off half way, the run could not be told from a complete one"},
            "give this statement a file of its own; what belongs together stands between BEGIN and COMMIT"});
    return false;
}

/// A procedure may commit half way: what shows of it then would be taken for all of it. `before` is the catalog before
/// the file.
bool leaves_it_to_its_probe(plan::plan const& compiled, source const& one, catalog::snapshot const& before,
                            replay::reporter const& report)
{
    auto const& first = one.text.body.front();
    bool const is_procedural = first.node == "DoStmt" || first.node == "CallStmt";
    if (one.quiet || one.text.body.size() > 1 || !is_procedural ||
        !plan::shows(compiled, one.entry.statements.front(), before)) {
        return true;
    }
    report({report::severity::error,
            first.where,
            first.command + " in a file without a transaction changes the schema",
            "data-without-transaction",
            {"it may commit half way, and a run that is cut off behind that could not be told from a complete one"},
            "change the schema in another file, and leave to this one the work on data, which a probe can tell"});
    return false;
}

/// In a file without a transaction what comes after the last trace is never missed: a run that is cut off before it
/// looks complete. (A setting, VACUUM or ANALYZE that is missed there does no harm.) `now` is the catalog before the
/// file, and afterwards that behind it.
bool ends_with_a_trace(plan::plan const& compiled, source const& one, catalog::snapshot& now,
                       replay::reporter const& report)
{
    script::statement const* behind = nullptr; // the last that comes behind all traces and may not be missed
    bool leaves_some = false;
    bool is_compared = true;
    for (std::size_t i = 0; i < one.entry.statements.size(); ++i) {
        auto const& done = one.entry.statements[i];
        auto const& statement = one.text.body[i];
        if (plan::shows(compiled, done, now)) {
            leaves_some = true;
            behind = nullptr;
        } else if (statement.node != "VariableSetStmt" && statement.node != "VacuumStmt") {
            behind = &statement;
            is_compared = done.empty();
        }
        plan::play(done, now);
    }
    if (!leaves_some || behind == nullptr) {
        return true;
    }
    report({report::severity::error,
            behind->where,
            "the last statement of a file without a transaction leaves no trace in the schema" +
                std::string{
                    is_compared ? "" : " that is compared: owners, privileges, comments and what IGNORE names are not"},
            "no-trace-at-end",
            {"cut off before it, the run could not be told from a complete one"},
            "put it before a statement that leaves one, or give it a file of its own"});
    return false;
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

/// The first statement of each file between two versions whose work does not show.
std::vector<script::statement const*> hidden_between(std::vector<source> const& sources, plan::look_alike const& pair)
{
    std::vector<script::statement const*> found;
    for (auto k = pair.low; k < pair.high; ++k) {
        auto const& body = sources.at(k).text.body;
        if (auto const work = std::find_if(body.begin(), body.end(), does_not_show); work != body.end()) {
            found.push_back(&*work);
        }
    }
    return found;
}

void report_look_alike(plan::plan const& compiled, std::vector<source> const& sources, plan::look_alike const& pair,
                       replay::reporter const& report)
{
    auto const& high = sources.at(pair.high - 1);
    report::diagnostic what{report::severity::error,
                            {high.text.file, 1, 1},
                            "the schema after " + high.entry.version + " looks as it did at " +
                                plan::version_name(compiled, pair.low) +
                                ", and what was done between does not show in it",
                            "no-trace",
                            {},
                            probe_hint(high.entry.version, plan::version_name(compiled, pair.low))};
    for (auto const* const work : hidden_between(sources, pair)) {
        if (work->where.file == high.text.file) {
            what.where = work->where;
        } else {
            what.details.push_back(report::in_words(work->where) + ": " + work->command);
        }
    }
    report(std::move(what));
}

void report_cut_off(plan::plan const& compiled, std::vector<source> const& sources, plan::mistaken_cut_off const& one,
                    replay::reporter const& report)
{
    report({report::severity::error,
            sources.at(one.version - 1).text.body.at(one.statements_done).where,
            "cut off before this statement, the schema looks as it does at " +
                plan::version_name(compiled, one.looks_like) + ", and work that lies between does not show in it",
            "no-trace-half-way",
            {"the run after that would do the work again, or never"},
            "give this statement, and those behind it, a file of their own"});
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
    auto now = compiled.initial;
    for (auto const& one : sources) {
        if (one.text.mode == script::transaction_mode::wrapped) {
            plan::play(one.entry.changes, now);
        } else {
            bool const is_apart =
                keeps_data_work_apart(one, report) && leaves_it_to_its_probe(compiled, one, now, report);
            good = ends_with_a_trace(compiled, one, now, report) && is_apart && good;
        }
    }
    for (auto const& pair : plan::without_an_answer(compiled)) {
        report_look_alike(compiled, sources, pair, report);
        good = false;
    }
    for (auto const& one : plan::mistaken_cut_offs(compiled)) {
        report_cut_off(compiled, sources, one, report);
        good = false;
    }
    return good;
}

} // namespace pgratchet::compile
