// SPDX-License-Identifier: Apache-2.0
#include "execute/diagnose.hpp"

#include "execute/context.hpp"

#include <sstream>
#include <utility>

namespace pgratchet::execute {

namespace {

report::severity severity_of(std::string const& severity)
{
    if (severity == "WARNING") {
        return report::severity::warning;
    }
    return severity == "ERROR" || severity == "FATAL" || severity == "PANIC" ? report::severity::error
                                                                             : report::severity::note;
}

void add_lines(std::vector<std::string>& to, std::string const& label, std::string const& text)
{
    std::istringstream lines{text};
    bool first = true;
    for (std::string line; std::getline(lines, line); first = false) {
        to.push_back((first ? label : std::string(label.size(), ' ')) + line);
    }
}

bool lies_in(script::script const& file, script::statement const& s, report::location const& place)
{
    auto const end = file.location_of(s.end);
    return place.file == file.file && std::pair{s.where.line, s.where.column} <= std::pair{place.line, place.column} &&
           std::pair{place.line, place.column} < std::pair{end.line, end.column};
}

} // namespace

report::diagnostic diagnose(script::script const& file, script::statement const& where,
                            database::server_message const& said, script::routines const& known)
{
    report::diagnostic result;
    result.level = severity_of(said.severity);
    auto const inside = said.position > 0 ? std::nullopt : place_in_routine(file, where, said, known);
    result.where =
        said.position > 0 ? file.location_of(file.offset_of(where, said.position)) : inside.value_or(where.where);
    result.message = said.message;
    result.name = said.sqlstate == "00000" ? "" : said.sqlstate;
    add_lines(result.details, "detail: ", said.detail);
    add_lines(result.details, "context: ", said.context);
    if (inside && !lies_in(file, where, *inside)) {
        result.details.push_back("called at: " + report::in_words(where.where));
    }
    if (!said.hint.empty()) {
        result.hint = said.hint;
    } else if (said.sqlstate == "25001" && file.mode == script::transaction_mode::wrapped) {
        result.hint = "a file whose statement cannot run in a transaction has no BEGIN and COMMIT and starts with: "
                      "-- pgratchet: no-transaction";
    }
    return result;
}

} // namespace pgratchet::execute
