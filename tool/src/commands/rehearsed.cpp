// SPDX-License-Identifier: Apache-2.0
#include "commands/rehearsed.hpp"

#include "errors.hpp"
#include "execute/foreign_rows.hpp"
#include "files/files.hpp"
#include "observe/blocking.hpp"
#include "observe/table.hpp"
#include "report/progress.hpp"
#include "script/script.hpp"

#include <algorithm>
#include <charconv>

namespace pgratchet::commands {

namespace {

std::vector<observe::observation> relations_of(plan::migration const& entry, std::size_t number)
{
    auto const found = std::ranges::find(entry.observed, number, &observe::observed_statement::number);
    return found == entry.observed.end() ? std::vector<observe::observation>{} : found->relations;
}

std::string rewrites(table_files const& before, table_files const& after)
{
    std::string text;
    for (auto const& [oid, was] : before) {
        auto const now = after.find(oid);
        if (now != after.end() && now->second.node != was.node) {
            text += "  " + was.identity + " was written anew (" + report::readable_bytes(was.bytes) + ", now " +
                    report::readable_bytes(now->second.bytes) + ")\n";
        }
    }
    return text;
}

} // namespace

table_files files_of_tables(database::session& on)
{
    table_files found;
    for (auto const& row : on.execute(
             "SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.pg_relation_filenode(c.oid), "
             "pg_catalog.pg_total_relation_size(c.oid) FROM pg_catalog.pg_class c JOIN "
             "pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm') "
             "AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'")) {
        auto const size = row[3].value_or("0");
        file_of_table one{row[1].value(), row[2].value_or(""), 0};
        std::from_chars(size.data(), size.data() + size.size(), one.bytes);
        found.emplace(row[0].value(), std::move(one));
    }
    return found;
}

void add_foreign_rows_here(database::session& on, plan_source& source, std::size_t k)
{
    auto& known = source.compiled.migrations[k - 1].foreign_rows;
    auto const file = source.script_of(k);
    for (std::size_t i = 0; i < file.body.size(); ++i) {
        auto const work = execute::foreign_work_of(on, file.text_of(file.body[i]), file.body[i]);
        if (work == execute::foreign_work::more_beside) {
            throw state_refused{"a statement of " + source.compiled.migrations[k - 1].file +
                                    " makes a table and changes rows of a foreign table: it can be neither run nor "
                                    "only planned in a rehearsal",
                                "make the table first, and fill it by INSERT ... SELECT"};
        }
        if (work == execute::foreign_work::rows && std::ranges::find(known, i + 1) == known.end()) {
            known.push_back(i + 1);
        }
    }
    std::ranges::sort(known);
}

std::string rehearsed_in_words(plan::migration const& entry, finished_migration const& run, table_files const& before,
                               table_files const& after)
{
    auto const in_transaction = entry.mode == script::transaction_mode::wrapped;
    std::vector<observe::table_entry> entries;
    std::vector<observe::timed_statement> timed;
    for (std::size_t i = 0; i < run.times.size(); ++i) {
        auto const& one = run.times[i];
        auto const number = run.landed + i + 1;
        timed.push_back({relations_of(entry, number), one.took});
        entries.push_back({{number, one.where.line, one.command, timed.back().relations}, report::readable(one.took)});
    }
    auto text = entry.file + (in_transaction ? ": in one transaction, " : ": without a transaction, ") +
                report::readable(run.took) + "\n" + observe::as_table(entries, in_transaction);
    for (auto const& one : observe::stops(timed, in_transaction)) {
        text += "  " + one.relation + ": " + observe::in_words(one.what) + " blocked for " +
                report::readable(one.time) + "\n";
    }
    for (auto const number : entry.foreign_rows) {
        text += "  statement " + std::to_string(number) + " was only planned: it changes rows of a foreign table\n";
    }
    return text + rewrites(before, after);
}

} // namespace pgratchet::commands
