// SPDX-License-Identifier: Apache-2.0
#include "compile/replay.hpp"

#include "compile/lint.hpp"
#include "execute/clean_session.hpp"
#include "execute/diagnose.hpp"
#include "plan/effect.hpp"
#include "script/migration_set.hpp"

#include <algorithm>
#include <array>

namespace pgratchet::compile {

namespace {

void add(plan::effect_sum& sum, trace::step step)
{
    sum.add(step.changes, std::move(step.before));
}

/// No event trigger fires for commands about event triggers; and what a block or an unknown statement does cannot be
/// told.
bool may_touch_event_triggers(script::statement const& one)
{
    constexpr std::array nodes{"CreateEventTrigStmt", "AlterEventTrigStmt", "DoStmt", "CallStmt", "SelectStmt"};
    return one.node.empty() || one.command.find("EVENT TRIGGER") != std::string::npos ||
           std::find(nodes.begin(), nodes.end(), one.node) != nodes.end();
}

/// True if a statement has a word of the settings that keep event triggers from firing. (A comment that explains them
/// does not count: the slow way costs seconds, and the warnings know less.)
bool may_silence_event_triggers(source const& one)
{
    return std::any_of(one.text.body.begin(), one.text.body.end(), [&](script::statement const& each) {
        auto const text = one.text.text_of(each);
        return text.find("session_replication_role") != std::string_view::npos ||
               text.find("event_triggers") != std::string_view::npos;
    });
}

/// What the shadow lacks, and how to give it that.
std::optional<std::string> hint_for(database::server_message const& said)
{
    if (said.sqlstate == "42704" && said.message.starts_with("role ")) {
        return "declare the role: ROLES in pgratchet_add_migrations(), or --role NAME";
    }
    if ((said.sqlstate == "0A000" || said.sqlstate == "58P01") && said.message.find("extension") != std::string::npos) {
        return "install the extension on the shadow's server (Debian: postgresql-contrib, or the package of its name), "
               "or "
               "compile on a server that has it: --shadow-url-variable";
    }
    if (said.sqlstate == "55P04" && said.message.starts_with("unsafe use of new value")) {
        return "add the value in a file of its own, before this one: it can be used once its transaction is committed";
    }
    return std::nullopt;
}

} // namespace

replay::replay(shadow& on, std::string search_path, std::vector<probe_source> const& probes, reporter report)
    : m_shadow{on}, m_search_path{std::move(search_path)}, m_probes{probes}, m_report{std::move(report)}
{
}

bool replay::run(std::vector<source>& sources)
{
    using method = trace::method;
    bool const silences_event_triggers = std::any_of(sources.begin(), sources.end(), may_silence_event_triggers);
    if (!silences_event_triggers && trace::can_follow_touched_objects(m_shadow.session())) {
        trace quick{m_shadow.session(), method::touched_objects};
        if (!run_once(sources, quick)) {
            return false;
        }
        if (quick.is_complete()) {
            return true;
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

bool replay::run_once(std::vector<source>& sources, trace& following)
{
    m_initial = following.current();
    m_before = m_initial;
    m_routines = {};
    auto const failed = std::find_if(sources.begin(), sources.end(), [&](source& one) {
        return !play(one, following) || !probes_hold(m_shadow.session(), m_probes, one.entry.version, m_report);
    });
    m_shadow.session().on_notice({});
    for (auto one = failed; one != sources.end(); ++one) {
        report_unparsed(one->text, one == failed ? m_reached : 0, m_shadow.session().server_version(), m_report);
    }
    return failed == sources.end();
}

bool replay::play(source& one, trace& following)
{
    auto& session = m_shadow.session();
    session.on_notice([&](database::server_message const& notice) { following.take_notice(notice); });
    execute::clean_session(session, m_search_path);
    one.entry.changes.clear();
    one.entry.statements.clear();
    one.each.assign(one.text.body.size(), {});
    one.observed.assign(one.text.body.size(), {});
    m_reached = 0;
    if (!one.entry.schema_only) {
        warn_of_early_probes(session, m_probes, one.entry.version, m_report);
    }
    bool const done = one.text.mode == script::transaction_mode::wrapped ? play_wrapped(one, following)
                                                                         : play_statements(one, following);
    if (!done) {
        return false;
    }
    if (!one.quiet) {
        warn_about(one, m_before, m_report);
    }
    plan::play(one.entry.changes, m_before);
    return true;
}

bool replay::play_wrapped(source& one, trace& following)
{
    auto& session = m_shadow.session();
    plan::effect_sum sum;
    if (!execute(one, *one.text.begin, following) ||
        (one.text.set_transaction && !execute(one, *one.text.set_transaction, following))) {
        return false;
    }
    for (std::size_t i = 0; i < one.text.body.size(); ++i) {
        auto const& statement = one.text.body[i];
        // What IF NOT EXISTS made is to be told from what the statements around it did.
        if (statement.if_not_exists) {
            add(sum, following.take_step());
        }
        if (!execute(one, statement, following)) {
            return false;
        }
        if (statement.if_not_exists || (!one.quiet && following.has_news())) {
            auto step = following.take_step(statement.if_not_exists);
            one.each[i] = step.changes;
            add(sum, std::move(step));
        }
    }
    if (!execute(one, *one.text.commit, following)) {
        return false;
    }
    for (auto const& statement : execute::own_identity()) {
        session.execute(statement);
    }
    add(sum, following.take_step());
    one.entry.changes = sum.result();
    return true;
}

bool replay::play_statements(source& one, trace& following)
{
    plan::effect_sum sum;
    for (std::size_t i = 0; i < one.text.body.size(); ++i) {
        auto const& statement = one.text.body[i];
        if (!execute(one, statement, following)) {
            return false;
        }
        auto step = following.take_step(statement.if_not_exists);
        one.entry.statements.push_back(step.changes);
        one.each[i] = step.changes;
        add(sum, std::move(step));
    }
    one.entry.changes = sum.result();
    return true;
}

bool replay::execute(source const& one, script::statement const& statement, trace& following)
{
    auto& session = m_shadow.session();
    session.on_notice([&](database::server_message const& notice) {
        if (!following.take_notice(notice)) {
            m_report(execute::diagnose(one.text, statement, notice, m_routines));
        }
    });
    m_routines.follow(one.text, statement);
    m_reached = statement.end;
    try {
        session.execute(std::string{one.text.text_of(statement)});
    } catch (database::sql_error const& problem) {
        auto what = execute::diagnose(one.text, statement, problem.fields(), m_routines);
        if (auto hint = hint_for(problem.fields())) {
            what.hint = std::move(hint);
        }
        m_report(std::move(what));
        return false;
    }
    if (may_touch_event_triggers(statement)) {
        following.touch_catalog("pg_event_trigger");
    }
    return true;
}

} // namespace pgratchet::compile
