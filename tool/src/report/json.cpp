// SPDX-License-Identifier: Apache-2.0
#include "report/formats.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace pgratchet::report {

namespace {

using json = nlohmann::ordered_json;

json text_or_null(std::string const& text)
{
    return text.empty() ? json{} : json(text);
}

json number_or_null(std::size_t number)
{
    return number == 0 ? json{} : json(number);
}

} // namespace

std::optional<format> format_named(std::string_view name)
{
    return name == "gcc"      ? std::optional{format::gcc}
           : name == "json"   ? std::optional{format::json}
           : name == "sarif"  ? std::optional{format::sarif}
           : name == "github" ? std::optional{format::github}
                              : std::nullopt;
}

std::string to_json(run_of_command const& run)
{
    auto all = json::array();
    for (auto const& d : run.diagnostics) {
        all.push_back({{"severity", in_words(d.level)},
                       {"file", text_or_null(d.where.file)},
                       {"line", number_or_null(d.where.line)},
                       {"column", number_or_null(d.where.column)},
                       {"message", d.message},
                       {"name", text_or_null(d.name)},
                       {"option", text_or_null(d.option)},
                       {"details", d.details},
                       {"hint", d.hint ? json(*d.hint) : json{}}});
    }
    auto const count = [&](severity level) {
        return std::count_if(run.diagnostics.begin(), run.diagnostics.end(),
                             [level](diagnostic const& d) { return d.level == level; });
    };
    json const document{{"diagnostics", std::move(all)},
                        {"errors", count(severity::error)},
                        {"warnings", count(severity::warning)},
                        {"notes", count(severity::note)},
                        {"exit_code", run.exit_code}};
    return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

} // namespace pgratchet::report
