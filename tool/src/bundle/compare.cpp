// SPDX-License-Identifier: Apache-2.0
#include "bundle/compare.hpp"

#include "bundle/in_words.hpp"

#include <map>

namespace pgratchet::bundle {

namespace {

class comparison {
public:
    comparison(opened const& older, opened const& newer) : m_older{older}, m_newer{newer} {}

    std::string text()
    {
        auto const& a = m_older.described;
        auto const& b = m_newer.described;
        line(a.name + " " + a.version + " -> " + b.name + " " + b.version);
        value("source revision", a.source_revision.value_or("unknown"), b.source_revision.value_or("unknown"));
        value("pgratchet", a.pgratchet, b.pgratchet);
        value("newest migration", a.states.back().version, b.states.back().version);
        value("schema", a.states.back().fingerprint, b.states.back().fingerprint);
        migrations();
        probes();
        files();
        if (m_lines == 1) {
            line("  nothing differs");
        }
        return m_text;
    }

private:
    void line(std::string const& text)
    {
        m_text += text + "\n";
        ++m_lines;
    }

    void value(std::string const& what, std::string const& before, std::string const& after)
    {
        if (before != after) {
            line("  " + what + ": " + before + " -> " + after);
        }
    }

    void migrations()
    {
        auto const words = what_migrations_do(m_newer.compiled);
        for (std::size_t i = 0; i < m_newer.compiled.migrations.size(); ++i) {
            auto const& one = m_newer.compiled.migrations[i];
            auto const k = plan::index_of(m_older.compiled, one.version);
            if (!k) {
                line("  added: " + one.file + (one.may_destroy ? " (may destroy data)" : ""));
                for (auto const& each : words[i]) {
                    line("    " + each);
                }
                continue;
            }
            auto const& before = m_older.compiled.migrations[*k - 1];
            if (before.sha256 != one.sha256 || before.file != one.file) {
                line("  CHANGED: " + before.file + " (its effect is " +
                     (before.changes == one.changes ? "the same" : "another") + ")");
            }
        }
        for (auto const& one : m_older.compiled.migrations) {
            if (!plan::index_of(m_newer.compiled, one.version)) {
                line("  REMOVED: " + one.file);
            }
        }
    }

    void probes()
    {
        std::map<std::string, std::string> before;
        for (auto const& one : m_older.compiled.probes) {
            before.emplace(one.file, one.sha256);
        }
        for (auto const& one : m_newer.compiled.probes) {
            auto const place = before.find(one.file);
            if (place == before.end()) {
                line("  probe added: " + one.file);
                continue;
            }
            if (place->second != one.sha256) {
                line("  probe changed: " + one.file);
            }
            before.erase(place);
        }
        for (auto const& [file, sha256] : before) {
            line("  probe removed: " + file);
        }
    }

    /// Those that are neither SQL nor the plan, which have been spoken of.
    static std::map<std::string, std::string> other_files(manifest const& of)
    {
        std::map<std::string, std::string> files;
        for (auto const& one : of.files) {
            if (one.path != of.plan && !one.path.ends_with(".sql")) {
                files.emplace(one.path, one.sha256);
            }
        }
        return files;
    }

    void files()
    {
        auto before = other_files(m_older.described);
        for (auto const& [path, sha256] : other_files(m_newer.described)) {
            auto const place = before.find(path);
            if (place == before.end()) {
                line("  file added: " + path);
                continue;
            }
            if (place->second != sha256) {
                line("  file changed: " + path);
            }
            before.erase(place);
        }
        for (auto const& [path, sha256] : before) {
            line("  file removed: " + path);
        }
    }

    opened const& m_older;
    opened const& m_newer;
    std::string m_text;
    std::size_t m_lines = 0;
};

} // namespace

std::string compare(opened const& older, opened const& newer)
{
    return comparison{older, newer}.text();
}

} // namespace pgratchet::bundle
