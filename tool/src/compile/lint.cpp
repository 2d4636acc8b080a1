// SPDX-License-Identifier: Apache-2.0
#include "compile/lint.hpp"

#include "lint/facts.hpp"
#include "lint/warning.hpp"
#include "script/grammar.hpp"

namespace pgratchet::compile {

void warn_about(source const& one, catalog::snapshot const& before, reporter const& report)
{
    for (auto const& statement : one.text.body) {
        if (!statement.parser_message.empty()) {
            report({report::severity::warning,
                    one.text.location_of(statement.parser_offset),
                    "the server accepts this statement, the parser does not know it: " + statement.parser_message,
                    "unparsed-syntax",
                    {},
                    "it is sent as it is; that it does no work on data cannot be told"});
        }
    }
    lint::migration_facts facts{one.entry.version, one.text, before, one.entry.changes, one.entry.renamed, {}};
    facts.statements.reserve(one.text.body.size());
    for (std::size_t i = 0; i < one.text.body.size(); ++i) {
        auto& added = facts.statements.emplace_back(one.text, one.text.body[i]);
        added.changes = one.each.at(i);
        added.observed = one.observed.at(i);
    }
    for (auto& each : lint::look_over(facts)) {
        report(std::move(each));
    }
}

void report_unparsed(script::script const& file, std::size_t from, int server_version, reporter const& report)
{
    constexpr int versions_in_major = 10000;
    bool const is_sure = server_version != 0 && server_version / versions_in_major <= script::parser_major_version();
    for (auto const& statement : file.body) {
        if (statement.begin < from || statement.parser_message.empty()) {
            continue;
        }
        report::diagnostic what{report::severity::error,
                                file.location_of(statement.parser_offset),
                                statement.parser_message,
                                "42601",
                                {},
                                std::nullopt};
        if (!is_sure) {
            what.level = report::severity::note;
            what.hint = "this is the parser of PostgreSQL " + std::to_string(script::parser_major_version()) +
                        "; a newer server may know it";
        }
        report(std::move(what));
    }
}

} // namespace pgratchet::compile
