// SPDX-License-Identifier: Apache-2.0
#include "compile/replay.hpp"

#include "compile/lint.hpp"
#include "compile/performance.hpp"
#include "execute/clean_session.hpp"
#include "plan/effect.hpp"
#include "script/migration_set.hpp"
#include "script/spelling.hpp"
#include "script/traits.hpp"

#include <algorithm>
#include <utility>

namespace pgratchet::compile {

namespace {

catalog::settings const clean_settings{{"TimeZone", "UTC"}}; ///< whatever the machine's own is

/// True if a statement has a word of the settings that keep event triggers from firing, or drops the language that ours
/// are written in. (A comment that explains them does not count: the slow way costs seconds, and the warnings know
/// less.)
bool may_silence_event_triggers(source const& one)
{
    return std::any_of(one.text.body.begin(), one.text.body.end(), [&](script::statement const& each) {
        auto const text = one.text.text_of(each);
        return text.find("session_replication_role") != std::string_view::npos ||
               text.find("event_triggers") != std::string_view::npos ||
               (each.node == "DropStmt" && script::in_lower_case(text).find("plpgsql") != std::string::npos);
    });
}

} // namespace

replay::replay(shadow& on, std::string search_path, std::vector<probe_source>& probes, reporter report)
    : m_shadow{on}, m_search_path{std::move(search_path)}, m_probes{probes}, m_early{probes}, m_report{
                                                                                                  std::move(report)}
{
}

bool replay::run(std::vector<source>& sources)
{
    using method = trace::method;
    bool const silences_event_triggers = std::any_of(sources.begin(), sources.end(), may_silence_event_triggers);
    if (!silences_event_triggers && trace::can_follow_touched_objects(m_shadow.session())) {
        trace quick{m_shadow.session(), method::touched_objects};
        auto const outcome = run_followed(sources, quick);
        if (outcome) {
            return *outcome;
        }
        // Something changed behind the event triggers' back (say, by an UPDATE of a system catalog): once more, the
        // slow and exact way. Its warnings have been said.
        m_shadow.start_over();
        m_report = [report = m_report](report::diagnostic one) {
            if (one.level == report::severity::error) {
                report(std::move(one));
            }
        };
    }
    trace exact{m_shadow.session(), method::whole_catalog};
    return run_once(sources, exact);
}

std::optional<bool> replay::run_followed(std::vector<source>& sources, trace& following)
{
    try {
        if (!run_once(sources, following)) {
            return false;
        }
        return following.is_complete() ? std::optional{true} : std::nullopt;
    } catch (database::sql_error const&) {
        return std::nullopt; // a file has taken away what follows it: our schema
    }
}

bool replay::run_once(std::vector<source>& sources, trace& following)
{
    m_initial = following.current();
    m_before = m_initial;
    m_routines = {};
    m_early = early_answers{m_probes};
    m_is_clean = false;
    auto const failed = std::find_if(sources.begin(), sources.end(),
                                     [&](source& one) { return !play(one, following) || !its_probes_hold(one); });
    m_shadow.session().on_notice({});
    for (auto one = failed; one != sources.end(); ++one) {
        report_unparsed(one->text, one == failed ? m_reached : 0, m_shadow.session().server_version(), m_report);
    }
    return failed == sources.end();
}

/// As they are asked later on: what the file has set does not reach them.
bool replay::its_probes_hold(source const& one)
{
    auto& session = m_shadow.session();
    bool const has_some = std::any_of(m_probes.begin(), m_probes.end(), [&](probe_source const& each) {
        return script::compare_versions(each.entry.version, one.entry.version) == 0;
    });
    if (has_some) {
        execute::clean_session(session, m_search_path, clean_settings);
    }
    return probes_hold(session, m_probes, one.entry.version, [&](report::diagnostic what) {
        if (what.name == "probe-fails" && !one.entry.foreign_rows.empty()) {
            what.hint = "what changes rows of foreign tables was only planned here, so no probe can look for it";
        }
        m_report(std::move(what));
    });
}

bool replay::play(source& one, trace& following)
{
    auto& session = m_shadow.session();
    session.on_notice([&](database::server_message const& notice) { following.take_notice(notice); });
    if (!m_is_clean) {
        execute::clean_session(session, m_search_path, clean_settings);
    }
    m_is_clean = false;
    m_reached = 0;
    std::vector<report::diagnostic> early_probes; // whether they matter is known when the file has been played
    warn_of_early_probes(session, m_probes, one.entry.version,
                         [&](report::diagnostic what) { early_probes.push_back(std::move(what)); });
    m_early.ask(session, one.entry.version);
    performance now{session, following, m_routines, m_before, m_report};
    bool const done = now.play(one);
    m_reached = now.reached();
    if (!done) {
        return false;
    }
    for (auto& each : early_probes) {
        if (plan::does_more_than_it_shows(one.entry)) {
            m_report(std::move(each));
        }
    }
    if (!one.quiet) {
        warn_about(one, m_before, m_report);
    }
    plan::play(one.entry.changes, m_before);
    m_early.note(one.entry);
    m_is_clean = m_probes.empty() && following.can_tell_makers() && script::leaves_session_clean(one.text);
    return true;
}

} // namespace pgratchet::compile
