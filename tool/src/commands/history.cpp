// SPDX-License-Identifier: Apache-2.0
#include "commands/history.hpp"

#include "commands/plan_source.hpp"
#include "report/receipt.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>
#include <string_view>

namespace pgratchet::commands {

namespace {

using nlohmann::ordered_json;

std::string text_of(ordered_json const& value)
{
    if (value.is_number_float()) { // seconds
        std::array<char, 32> text{};
        std::snprintf(text.data(), text.size(), "%.4g", value.get<double>());
        return text.data();
    }
    return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string field(ordered_json const& receipt, char const* name)
{
    return receipt.contains(name) ? text_of(receipt[name]) : std::string{};
}

/// All that is not said elsewhere on the line; receipts of every command have their own fields.
std::string other_fields(ordered_json const& receipt)
{
    static constexpr auto said = std::to_array<std::string_view>(
        {"at", "who", "environment", "did", "database", "role", "project", "system_identifier", "sha256"});
    std::string list;
    for (auto const& [name, value] : receipt.items()) {
        if (std::find(said.begin(), said.end(), name) == said.end()) {
            list += (list.empty() ? "" : ", ") + name + " " + text_of(value);
        }
    }
    return list;
}

std::string in_words(ordered_json const& receipt)
{
    auto const did = receipt["did"].get<std::string>();
    auto line = receipt["at"].get<std::string>() + "  " + did;
    if (auto const more = other_fields(receipt); !more.empty()) {
        line += ": " + more;
    }
    auto const database = field(receipt, "database");
    auto const role = field(receipt, "role");
    line += "  (by " + field(receipt, "who") + (role.empty() ? "" : " as " + role) +
            (database.empty() ? "" : ", database " + database) + ")";
    return line;
}

} // namespace

exit_code history(history_options const& chosen)
{
    auto const file =
        report::receipts_file(chosen.receipts.value_or(report::default_receipts_folder()), chosen.environment);
    auto const project = project_of(chosen.plan);
    auto const found = report::read_receipts(file, project);
    for (auto const number : found.damaged) {
        spdlog::warn("warning: {}:{} is no receipt and is passed over", file.string(), number);
    }
    if (chosen.json) {
        ordered_json out{{"environment", chosen.environment},
                         {"project", project},
                         {"file", file.string()},
                         {"receipts", found.receipts},
                         {"damaged", found.damaged}};
        std::puts(out.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
        return exit_code::done;
    }
    if (found.receipts.empty()) {
        std::printf("there are no receipts of %s for %s in %s\n", chosen.environment.c_str(), project.c_str(),
                    file.c_str());
    }
    for (auto const& one : found.receipts) {
        std::puts(in_words(one).c_str());
    }
    return exit_code::done;
}

} // namespace pgratchet::commands
