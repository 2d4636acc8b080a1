// SPDX-License-Identifier: Apache-2.0
#include "commands/explain.hpp"

#include "commands/plan_source.hpp"
#include "observe/lock.hpp"
#include "observe/table.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace pgratchet::commands {

namespace {

using nlohmann::ordered_json;

bool in_transaction(plan::migration const& one)
{
    return one.mode == script::transaction_mode::wrapped;
}

ordered_json as_json(plan::migration const& one)
{
    ordered_json out{{"version", one.version},
                     {"file", one.file},
                     {"transaction", in_transaction(one)},
                     {"statements", ordered_json::array()}};
    for (auto const& statement : one.observed) {
        ordered_json entry{{"statement", statement.number},
                           {"line", statement.line},
                           {"command", statement.command},
                           {"relations", ordered_json::array()}};
        for (auto const& each : statement.relations) {
            entry["relations"].push_back({{"relation", each.relation},
                                          {"lock", each.lock},
                                          {"rewritten", each.rewritten},
                                          {"scanned", each.scanned},
                                          {"index_built", each.index_built},
                                          {"blocks", observe::in_words(observe::blocked_by(each.lock))},
                                          {"until", in_transaction(one) ? "transaction" : "statement"}});
        }
        out["statements"].push_back(std::move(entry));
    }
    return out;
}

std::string as_text(plan::migration const& one)
{
    if (one.observed.empty()) {
        return one.file + ": no statement touches a relation that was there before\n";
    }
    std::vector<observe::table_entry> entries;
    for (auto const& statement : one.observed) {
        entries.push_back({statement});
    }
    return one.file + (in_transaction(one) ? ": in one transaction\n" : ": without a transaction\n") +
           observe::as_table(entries, in_transaction(one));
}

} // namespace

exit_code explain(explain_options const& chosen)
{
    auto const source = load_plan(chosen.plan);
    auto const k = plan::index_of(source.compiled, chosen.version);
    if (!k) {
        throw usage_error{"explain: the plan has no migration '" + chosen.version + "'",
                          "it goes up to " + plan::version_name(source.compiled, source.compiled.migrations.size())};
    }
    auto const& one = source.compiled.migrations[*k - 1];
    std::fputs(chosen.json ? (as_json(one).dump(2) + "\n").c_str() : as_text(one).c_str(), stdout);
    return exit_code::done;
}

} // namespace pgratchet::commands
