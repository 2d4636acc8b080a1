// SPDX-License-Identifier: Apache-2.0
#include "commands/init.hpp"

#include "files/files.hpp"
#include "init/project_templates.hpp"

#include <algorithm>
#include <regex>
#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

namespace fs = std::filesystem;

bool is_name(std::string const& text)
{
    auto const is_first = [](char c) {
        return c >= 'a' && c <= 'z';
    };
    auto const is_part = [&](char c) {
        return is_first(c) || (c >= '0' && c <= '9') || c == '_';
    };
    constexpr std::size_t longest = 63;
    return !text.empty() && text.size() <= longest && is_first(text.front()) &&
           std::all_of(text.begin(), text.end(), is_part);
}

/// "My Shop-2" becomes "my_shop_2".
std::string name_from(std::string const& folder)
{
    std::string name;
    for (auto const c : folder) {
        if (c >= 'A' && c <= 'Z') {
            name += static_cast<char>(c - 'A' + 'a');
        } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            name += c;
        } else if (!name.empty() && name.back() != '_') {
            name += '_';
        }
    }
    while (name.ends_with('_')) {
        name.pop_back();
    }
    return name;
}

std::string filled_in(std::string text, std::string const& name)
{
    constexpr std::string_view macro = "@NAME@";
    for (auto at = text.find(macro); at != std::string::npos; at = text.find(macro, at + name.size())) {
        text.replace(at, macro.size(), name);
    }
    return text;
}

void refuse_clash(fs::path const& folder)
{
    auto const status = fs::status(folder);
    if (fs::exists(status) && !fs::is_directory(status)) {
        throw configuration_error{folder.string() + " is no folder"};
    }
    std::string there;
    for (auto const& one : init::project_templates()) {
        if (fs::exists(fs::symlink_status(folder / one.path))) {
            there += (there.empty() ? "" : ", ") + one.path;
        }
    }
    if (!there.empty()) {
        throw configuration_error{folder.string() + " holds " + there + " already; nothing was written",
                                  "name a new folder, or move these files away"};
    }
}

} // namespace

exit_code init(fs::path const& folder, std::optional<std::string> const& chosen)
{
    auto const path = fs::weakly_canonical(fs::absolute(folder / ""));
    auto const folder_name = (path.filename().empty() ? path.parent_path() : path).filename().string();
    auto const name = chosen.value_or(name_from(folder_name));
    if (!is_name(name)) {
        throw usage_error{"init: '" + name + "' is no name for a project",
                          "give one with --name: a lower-case letter, then letters, digits and _"};
    }
    refuse_clash(folder);
    if (!chosen && name != folder_name) {
        spdlog::info("a project's name has lower-case letters, digits and _: {} is called {} (--name gives another)",
                     folder_name, name);
    }
    for (auto const& one : init::project_templates()) {
        files::write(folder / one.path, filled_in(one.text, name));
    }
    spdlog::info("wrote the project {} with its first migration; go on with:", name);
    static std::regex const quote{"'"};
    spdlog::info("  cd '{}' && cmake --workflow --preset dev", std::regex_replace(folder.string(), quote, R"('\'')"));
    return exit_code::done;
}

} // namespace pgratchet::commands
