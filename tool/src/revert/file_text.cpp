// SPDX-License-Identifier: Apache-2.0
#include "revert/file_text.hpp"

#include <algorithm>
#include <string_view>

namespace pgratchet::revert {

namespace {

constexpr std::string_view drop_index = "DROP INDEX ";

constexpr auto how_to_answer = R"(--
-- Each line with "unanswered" below speaks of something that does not come back, or is lost. If it may
-- be so, write "accepted" in its place, and the reason behind the colon; else write what mends it, and
-- remove the line.

)";

/// On one line: it is a comment.
std::string on_one_line(std::string text)
{
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return text;
}

/// Comments in the places of statements that were not found.
std::string left_to_write(std::vector<loss> const& lost, bool is_empty)
{
    std::string text;
    for (auto const& one : lost) {
        if (!one.by_hand.empty()) {
            text += on_one_line("-- " + one.about + ": " + one.by_hand + ", and remove its line above.") + "\n";
        }
    }
    return is_empty
               ? text + "-- Without any statement the file is refused: if nothing is to be taken back, remove it.\n"
               : text;
}

} // namespace

std::set<std::string> drops_of_partitioned(std::vector<plan::object_change> const& differed, sql_names const& names)
{
    std::set<std::string> found;
    for (auto const& one : differed) {
        for (auto const& each : one.attributes) {
            if (one.id.kind == "index" && each.name == "definition" && each.before &&
                is_of_partitioned_table(*each.before)) {
                found.insert(std::string{drop_index} + names.of(one.id));
            }
        }
    }
    return found;
}

std::string file_text(std::string const& reverted, script::transaction_mode mode, std::vector<loss> const& lost,
                      statements all, std::set<std::string> const& whole)
{
    bool const is_loose =
        mode == script::transaction_mode::none &&
        std::all_of(all.begin(), all.end(), [](auto const& one) { return one.starts_with(drop_index); }) &&
        std::any_of(all.begin(), all.end(), [&](auto const& one) { return !whole.contains(one); });
    std::string text = is_loose ? "-- pgratchet: no-transaction\n" : "";
    text += "-- Takes " + reverted + " back.\n";
    if (!lost.empty()) {
        text += how_to_answer;
    }
    for (auto const& one : lost) {
        text += on_one_line("-- pgratchet: unanswered " + one.about + ": " + one.text) + "\n";
    }
    text += is_loose ? "\n" : "\nBEGIN;\n\n";
    for (auto& one : all) {
        if (is_loose && !whole.contains(one)) {
            one.insert(drop_index.size(), "CONCURRENTLY ");
        }
        text += one + ";\n";
    }
    text += left_to_write(lost, all.empty());
    return text + (is_loose ? "" : "\nCOMMIT;\n");
}

} // namespace pgratchet::revert
