// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "errors.hpp"
#include "lint/policy.hpp"
#include "report/formats.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pgratchet::commands {

/// Where all diagnostics of a command go: judged by what was chosen for warnings, printed to stderr, counted, and in
/// the end written to stdout if the format asks for a document.
class diagnostics {
public:
    diagnostics(report::format, lint::choice);

    /// Takes the allowances of a file into account, and reports those that name no warning. A quiet file is not warned
    /// of any more.
    void add(script::script const&, bool quiet);

    void operator()(report::diagnostic);
    void operator()(std::vector<report::diagnostic> several);

    /// To be called when everything has been looked at: reports the allowances that allowed nothing.
    void report_unused_allowances();

    [[nodiscard]] std::size_t errors() const { return m_errors; }
    [[nodiscard]] std::size_t warnings() const { return m_warnings; }

    /// "1 error, 2 warnings"; empty if there were none.
    [[nodiscard]] std::string count() const;

    /// Adds what ends the command, and has no place in a file, to the document. It is printed by who catches it.
    void note_failure(std::string message, std::optional<std::string> hint);

    /// Writes the document, if the format has one. To be called once.
    void finish(exit_code) const;

private:
    report::format m_format;
    lint::policy m_policy;
    std::set<std::string> m_quiet;
    std::vector<report::diagnostic> m_all; ///< only kept for a document
    std::size_t m_errors = 0;
    std::size_t m_warnings = 0;
};

} // namespace pgratchet::commands
