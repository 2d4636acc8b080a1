// SPDX-License-Identifier: Apache-2.0
#include "observe/table.hpp"

#include "observe/lock.hpp"

#include <algorithm>
#include <cstddef>

namespace pgratchet::observe {

namespace {

using line = std::vector<std::string>;

constexpr std::size_t numbers = 2; ///< so many columns are set flush right

/// Characters, not bytes: identities may hold any.
std::size_t width_of(std::string const& text)
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string yes_or_no(bool what)
{
    return what ? "yes" : "no";
}

std::string scan_in_words(observation const& one)
{
    return one.index_built ? "for an index" : yes_or_no(one.scanned);
}

std::string blocks(observation const& one)
{
    auto const what = in_words(blocked_by(one.lock));
    return what.empty() ? "nothing" : what;
}

std::string laid_out(std::vector<line> const& lines)
{
    std::vector<std::size_t> widths(lines.front().size());
    for (auto const& one : lines) {
        for (std::size_t i = 0; i < one.size(); ++i) {
            widths[i] = std::max(widths[i], width_of(one[i]));
        }
    }
    std::string text;
    for (auto const& one : lines) {
        std::string row;
        for (std::size_t i = 0; i < one.size(); ++i) {
            std::string const filling(widths[i] - width_of(one[i]), ' ');
            row += (i == 0 ? "" : "  ") + (i < numbers ? filling + one[i] : one[i] + filling);
        }
        row.erase(row.find_last_not_of(' ') + 1);
        text += row + "\n";
    }
    return text;
}

} // namespace

std::string as_table(std::vector<table_entry> const& entries, bool in_transaction)
{
    if (entries.empty()) {
        return "";
    }
    bool const has_times = entries.front().time.has_value();
    std::vector<line> lines{{"#", "line", "statement", "relation", "lock", "rewrite", "scan", "blocks", "until"}};
    if (has_times) {
        lines.front().emplace_back("time");
    }
    for (auto const& entry : entries) {
        auto const& statement = entry.statement;
        line const begin{std::to_string(statement.number), std::to_string(statement.line), statement.command};
        auto const add = [&](line const& rest) {
            lines.push_back(begin);
            lines.back().insert(lines.back().end(), rest.begin(), rest.end());
            if (has_times) {
                lines.back().push_back(entry.time.value_or(""));
            }
        };
        for (auto const& one : statement.relations) {
            add({one.relation, manual_name(one.lock), yes_or_no(one.rewritten), scan_in_words(one), blocks(one),
                 in_transaction ? "end of transaction" : "end of statement"});
        }
        if (statement.relations.empty()) {
            add(line(lines.front().size() - begin.size() - (has_times ? 1 : 0)));
        }
    }
    return laid_out(lines);
}

std::string in_words(observation const& one)
{
    auto text = manual_name(one.lock) + " on " + one.relation;
    if (one.rewritten) {
        text += ", which is rewritten";
    } else if (one.index_built) {
        text += ", which is read in full to build an index";
    } else if (one.scanned) {
        text += ", which is read in full";
    }
    return text + ": blocks " + blocks(one);
}

} // namespace pgratchet::observe
