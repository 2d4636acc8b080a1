// SPDX-License-Identifier: Apache-2.0
#include "execute/diagnose.hpp"

#include <sstream>

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

} // namespace

report::diagnostic diagnose(script::script const& file, script::statement const& where,
                            database::server_message const& said)
{
    report::diagnostic result;
    result.level = severity_of(said.severity);
    result.where = said.position > 0 ? file.location_of(file.offset_of(where, said.position)) : where.where;
    result.message = said.message;
    result.name = said.sqlstate == "00000" ? "" : said.sqlstate;
    add_lines(result.details, "detail: ", said.detail);
    add_lines(result.details, "context: ", said.context);
    if (!said.hint.empty()) {
        result.hint = said.hint;
    } else if (said.sqlstate == "25001" && file.mode == script::transaction_mode::wrapped) {
        result.hint = "a file whose statement cannot run in a transaction has no BEGIN and COMMIT and starts with: "
                      "-- pgratchet: no-transaction";
    }
    return result;
}

} // namespace pgratchet::execute
