// SPDX-License-Identifier: Apache-2.0
#include "compile/moment.hpp"

#include "catalog/compare.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace pgratchet::compile {

namespace {

/// Where a file says 'now' or 'today', or its first statement.
report::location place_of(script::script const& file)
{
    for (auto const* word : {"'now'", "'NOW'", "'today'", "'TODAY'", "'tomorrow'", "'yesterday'"}) {
        if (auto const at = file.text.find(word); at != std::string::npos) {
            return file.location_of(at);
        }
    }
    return file.body.empty() ? report::location{file.file, 1, 1} : file.body.front().where;
}

class finder {
public:
    finder(std::vector<std::string> dates, replay::reporter const& report) : m_dates{std::move(dates)}, m_report{report}
    {
    }

    void go_over(source& one)
    {
        std::erase_if(m_dates, [&](std::string const& date) { return one.text.text.find(date) != std::string::npos; });
        replace(one, one.entry.changes);
        for (auto& each : one.entry.statements) {
            replace(one, each);
        }
    }

private:
    void replace(source const& in, plan::effect& changes)
    {
        for (auto& one : changes) {
            if (!one.after) {
                continue;
            }
            for (auto& [attribute, text] : one.after->attributes) {
                if (catalog::compared_for_drift(attribute) && holds_date(text)) {
                    warn_once(in, one.id, attribute);
                    text = catalog::moment;
                }
            }
        }
    }

    [[nodiscard]] bool holds_date(std::string const& text) const
    {
        return std::any_of(m_dates.begin(), m_dates.end(),
                           [&](std::string const& date) { return text.find(date) != std::string::npos; });
    }

    void warn_once(source const& in, catalog::object_id const& id, std::string const& attribute)
    {
        if (m_known.emplace(id, attribute).second) {
            m_report(
                {report::severity::warning,
                 place_of(in.text),
                 "the " + attribute + " of " + id.kind + " " + id.identity + " freezes the moment when the file is run",
                 "frozen-moment",
                 {},
                 "write now() or current_date if each row is to have its own; any value will be taken as right"});
        }
    }

    std::vector<std::string> m_dates;
    replay::reporter const& m_report;
    std::set<std::pair<catalog::object_id, std::string>> m_known;
};

} // namespace

void replace_frozen_moments(std::vector<source>& sources, std::vector<std::string> const& dates,
                            replay::reporter const& report)
{
    finder find{dates, report};
    for (auto& one : sources) {
        find.go_over(one);
    }
}

} // namespace pgratchet::compile
