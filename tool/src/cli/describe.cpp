// SPDX-License-Identifier: Apache-2.0
#include "cli/describe.hpp"

#include "cli/command_line.hpp"

#include <algorithm>

namespace pgratchet::cli {

std::vector<std::string> leading_words(std::string_view synopsis)
{
    auto const first = synopsis.substr(0, synopsis.find(' '));
    auto const fits = [](char c) {
        return (c >= 'a' && c <= 'z') || c == '|' || c == '-';
    };
    if (first.empty() || first.front() == '-' || !std::all_of(first.begin(), first.end(), fits)) {
        return {};
    }
    std::vector<std::string> words;
    for (std::size_t at = 0; at <= first.size();) {
        auto const end = std::min(first.find('|', at), first.size());
        words.emplace_back(first.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

std::vector<description> describe_commands()
{
    std::vector<description> all;
    for (auto const& one : commands()) {
        try {
            one.run({std::string{describe_yourself}});
        } catch (described& caught) {
            all.push_back(std::move(caught.what));
        }
    }
    return all;
}

std::vector<exit_code_text> const& exit_code_texts()
{
    static std::vector<exit_code_text> const all{
        {0, "done"},
        {1, "usage"},
        {2, "configuration or connection"},
        {3, "state refuses"},
        {4, "SQL failed and was rolled back"},
        {5, "locked by another deployer or a lock timeout"},
        {6, "commit in doubt"},
        {7, "backup or restore failed"},
        {12, "internal error"},
        {77, "skipped"},
        {129, "ended by SIGHUP"},
        {130, "ended by SIGINT"},
        {143, "ended by SIGTERM"},
    };
    return all;
}

} // namespace pgratchet::cli
