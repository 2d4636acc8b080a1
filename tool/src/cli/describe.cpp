// SPDX-License-Identifier: Apache-2.0
#include "cli/describe.hpp"

#include "cli/command_line.hpp"

#include <algorithm>
#include <iterator>

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

std::string alternatives(std::vector<std::string> const& words)
{
    std::string list;
    for (auto const& one : words) {
        list += (&one == &words.front() ? "" : &one == &words.back() ? " or " : ", ") + one;
    }
    return list;
}

description command_line::describe() const
{
    description of{m_name, {}, m_about, {}, {}, {}, {}};
    auto const again = "\n  pgratchet " + m_name + " ";
    for (std::size_t at = 0; at <= m_synopsis.size();) {
        auto const end = std::min(m_synopsis.find(again, at), m_synopsis.size());
        of.synopses.push_back(m_synopsis.substr(at, end - at));
        std::ranges::copy(leading_words(of.synopses.back()), std::back_inserter(of.words));
        at = end == m_synopsis.size() ? end + 1 : end + again.size();
    }
    for (auto const& one : m_options.group_help("").options) {
        auto const& name = one.l.empty() ? std::string{} : one.l.front();
        if (name == m_positional) {
            of.operand = one.arg_help;
            continue;
        }
        auto const words = m_words.find(name);
        of.options.push_back({one.s, name, one.is_boolean ? std::string{} : one.arg_help, one.desc,
                              !one.is_boolean && one.has_implicit,
                              words == m_words.end() ? std::vector<std::string>{} : words->second});
    }
    return of;
}

std::string command_line::help() const
{
    auto text = m_options.help();
    for (auto const& one : m_options.group_help("").options) {
        if (one.is_boolean || !one.has_implicit) {
            continue;
        }
        // cxxopts puts a blank before it, and the value that stands for none behind.
        auto const theirs = " [=" + one.arg_help + "(=" + one.implicit_value + ")]";
        auto ours = "[=" + one.arg_help + "]";
        ours.resize(theirs.size(), ' ');
        if (auto const place = text.find(theirs); place != std::string::npos) {
            text.replace(place, theirs.size(), ours);
        }
    }
    return text;
}

std::vector<description> describe_commands()
{
    std::vector<description> all;
    for (auto const& one : commands()) {
        try {
            one.run({std::string{describe_yourself}});
        } catch (described& caught) {
            all.push_back(std::move(caught.what));
            all.back().summary = one.summary;
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
