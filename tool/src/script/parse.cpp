// SPDX-License-Identifier: Apache-2.0
#include "script/allowances.hpp"
#include "script/bytes.hpp"
#include "script/command_name.hpp"
#include "script/cutter.hpp"
#include "script/directive.hpp"
#include "script/grammar.hpp"
#include "script/reading_settings.hpp"
#include "script/script.hpp"
#include "script/source_text.hpp"
#include "script/transaction.hpp"
#include "script/unterminated.hpp"

#include <algorithm>
#include <utility>

namespace pgratchet::script {

namespace {

/// More are of no use to anybody, and a file of nothing but backslashes has millions.
constexpr std::size_t most_diagnostics = 100;

/// Reads one text from front to back.
class reader {
public:
    reader(parsed& out, dialect d) : m_out{out}, m_dialect{d}, m_places{out.result.file, out.result.text} {}

    void read();

private:
    struct counted {
        std::size_t begin;
        std::size_t tokens;
        std::size_t rescanned;
        std::string_view first_word;
    };

    void refuse(std::size_t offset, std::string rule, std::string message, std::string hint);
    void take_statement(raw_statement const& raw);
    void check_begin(raw_statement const& raw);
    void arrange_statements();
    [[nodiscard]] std::size_t offset_of(std::string_view word) const
    {
        return static_cast<std::size_t>(word.data() - m_out.result.text.data());
    }
    void take_comment(cut const& c);
    void attach_allowances(raw_statement const& raw);
    void refuse_allowances();
    void take_meta_command(cut const& c);
    void take_unterminated(cut const& c);
    void read_trees();

    parsed& m_out;
    dialect m_dialect;
    place_finder m_places;
    std::vector<statement> m_statements;
    std::vector<transaction_role> m_roles;
    std::vector<counted> m_counted;
    std::string_view m_last_word; ///< of the last statement
    bool m_directive_seen = false;
    waiting_allowances m_allowances;
    bool m_shape_unknown = false; ///< a statement may have been cut wrongly: say nothing about BEGIN and COMMIT
};

void reader::refuse(std::size_t offset, std::string rule, std::string message, std::string hint)
{
    m_out.diagnostics.push_back(
        {report::severity::error, m_places.at(offset), std::move(message), std::move(rule), {}, std::move(hint)});
}

void reader::take_statement(raw_statement const& raw)
{
    if (m_dialect == dialect::schema_dump && sets_transaction_timeout(raw.words())) {
        return;
    }
    statement s;
    s.begin = raw.begin;
    s.end = raw.end;
    auto const text = std::string_view{m_out.result.text}.substr(raw.begin, raw.end - raw.begin);
    s.where = m_places.at(raw.begin);
    s.command = command_name(raw);
    m_counted.push_back(
        {raw.begin, raw.tokens, raw.rescanned, raw.words().empty() ? std::string_view{} : raw.words().front()});
    m_roles.push_back(role_of(raw));
    m_statements.push_back(std::move(s));
    attach_allowances(raw);
    m_last_word = raw.last_word;
    if (m_roles.back() == transaction_role::begin) {
        check_begin(raw);
    }
    // An archive's script is only looked at, and says how pg_restore writes.
    if (auto const other = m_dialect == dialect::schema_dump ? std::nullopt : reads_otherwise(raw.words(), text)) {
        refuse(raw.begin, other->rule, other->message, other->hint);
    }
    if (m_dialect == dialect::migration && m_out.result.mode == transaction_mode::none && may_work_on_slot(raw, text)) {
        refuse(raw.begin, "slot-at-publisher",
               "outside of a transaction this reaches the publisher when it is compiled",
               "put it between BEGIN and COMMIT, where the server lets it make and drop no slot; do that at the "
               "publisher");
    }
    if (raw.copy == copy_direction::from_client) {
        refuse(raw.begin, "copy-from-stdin", "COPY ... FROM stdin reads data that is no SQL",
               "write the rows as INSERT ... VALUES");
    } else if (raw.copy == copy_direction::to_client) {
        refuse(raw.begin, "copy-to-stdout", "COPY ... TO stdout has nobody to read it",
               "take it out; a migration has no output");
    }
}

/// A forgotten semicolon makes the first statement a part of BEGIN.
void reader::check_begin(raw_statement const& raw)
{
    auto words = raw.words().subspan(1);
    if (!words.empty() && (is_keyword(words[0], "WORK") || is_keyword(words[0], "TRANSACTION"))) {
        words = words.subspan(1);
    }
    if (!words.empty() && !is_keyword(words[0], "ISOLATION") && !is_keyword(words[0], "READ") &&
        !is_keyword(words[0], "NOT") && !is_keyword(words[0], "DEFERRABLE")) {
        refuse(offset_of(words[0]), "missing-semicolon", "no semicolon behind BEGIN", "write BEGIN;");
    }
}

/// A forgotten semicolon makes COMMIT a part of the last statement, where it may be a name.
void reader::arrange_statements()
{
    auto found = arrange(std::move(m_statements), m_roles, m_out.result);
    for (report::diagnostic& d : found) {
        if (d.name == "begin-without-commit" && is_keyword(m_last_word, "COMMIT")) {
            refuse(offset_of(m_last_word), "missing-semicolon", "no semicolon before COMMIT",
                   "end the statement before it with a semicolon");
        } else {
            m_out.diagnostics.push_back(std::move(d));
        }
    }
}

void reader::take_comment(cut const& c)
{
    if (m_dialect == dialect::schema_dump) {
        return;
    }
    auto const found = read_directive(std::string_view{m_out.result.text}.substr(c.begin, c.end - c.begin));
    if (!found) {
        return;
    }
    if (!found->what) {
        refuse(c.begin, found->rule, found->message, found->hint);
    } else if (found->what == directive::unanswered) {
        refuse(c.begin, "unanswered", "unanswered: " + found->about + ": " + found->reason,
               "if it may be so, write why: -- pgratchet: accepted " + found->about + ": REASON");
    } else if (found->what == directive::accepted) {
        m_out.result.accepted.push_back({found->about, found->reason, m_places.at(c.begin)});
    } else if (found->what == directive::allow && c.inside_statement) {
        refuse(c.begin, "misplaced-directive", "an allowance inside of a statement", where_allowances_stand);
    } else if (found->what == directive::allow) {
        m_allowances.add(*found, m_places.at(c.begin));
    } else if (m_dialect == dialect::probe) {
        refuse(c.begin, "misplaced-directive", "this directive is for migrations, and this is a probe", "take it out");
    } else if (c.inside_statement || !m_statements.empty()) {
        refuse(c.begin, "misplaced-directive", "a pgratchet directive behind the first statement",
               "move it to the top of the file");
    } else if (m_directive_seen) {
        refuse(c.begin, "repeated-directive", "the directive was given before", "take one of them out");
    } else {
        m_directive_seen = true;
        m_out.result.mode = transaction_mode::none;
    }
}

void reader::attach_allowances(raw_statement const& raw)
{
    if (m_roles.back() == transaction_role::begin || m_roles.back() == transaction_role::commit) {
        refuse_allowances();
    } else if (!m_allowances.empty()) {
        m_allowances.attach_to(m_places.at(raw.begin), m_places.at(raw.end), m_out.result);
    }
}

void reader::refuse_allowances()
{
    auto refused = m_allowances.refuse();
    for (report::diagnostic& one : refused) {
        m_out.diagnostics.push_back(std::move(one));
    }
}

void reader::take_meta_command(cut const& c)
{
    std::string_view const line = std::string_view{m_out.result.text}.substr(c.begin, c.end - c.begin);
    std::string_view const name = line.substr(0, line.find_first_of(" \t\r;'\"(", 1));
    bool const guard = name == "\\restrict" || name == "\\unrestrict";
    if (guard && m_dialect == dialect::schema_dump && !c.inside_statement) {
        return;
    }
    m_shape_unknown = m_shape_unknown || c.inside_statement;
    refuse(c.begin, "meta-command", "psql meta-command " + std::string{name.substr(0, name.size() > 40 ? 2 : 40)},
           guard ? "newer pg_dump writes it; delete the \\restrict and \\unrestrict lines"
                 : "a migration is plain SQL; the server does not know psql's commands");
}

void reader::take_unterminated(cut const& c)
{
    m_shape_unknown = true;
    auto what = what_is_unterminated(c, m_out.result.text);
    refuse(c.begin, std::move(what.rule), std::move(what.message), std::move(what.hint));
}

void reader::read()
{
    cutter cuts{m_out.result.text};
    for (cut c = cuts.next(); c.kind != cut_kind::end_of_text; c = cuts.next()) {
        switch (c.kind) {
        case cut_kind::statement:
            take_statement(c.statement);
            break;
        case cut_kind::line_comment:
        case cut_kind::block_comment:
            take_comment(c);
            break;
        case cut_kind::meta_command:
            take_meta_command(c);
            break;
        default:
            take_unterminated(c);
        }
        if (m_out.diagnostics.size() >= most_diagnostics) {
            m_out.diagnostics.push_back({report::severity::note,
                                         m_places.at(c.begin),
                                         "too many errors, the rest of the file was not read",
                                         "too-many-errors",
                                         {},
                                         std::nullopt});
            return;
        }
    }
    refuse_allowances();
    if (m_shape_unknown) {
        return;
    }
    arrange_statements();
    if (m_out.diagnostics.empty()) {
        read_trees();
    }
}

void reader::read_trees()
{
    std::vector<parser_task> tasks;
    tasks.reserve(m_counted.size());
    auto next = m_counted.begin();
    auto const add = [&](statement& target) {
        while (next->begin != target.begin) {
            ++next;
        }
        tasks.push_back({&target, next->tokens, next->rescanned, next->first_word});
    };
    script& s = m_out.result;
    if (s.begin) {
        add(*s.begin);
    }
    if (s.set_transaction) {
        add(*s.set_transaction);
    }
    for (statement& target : s.body) {
        add(target);
    }
    if (s.commit) {
        add(*s.commit);
    }
    read_with_parser(s.text, tasks);
}

} // namespace

parsed parse(std::string file, std::string_view bytes, dialect d)
{
    parsed out;
    out.result.file = std::move(file);
    out.result.text = without_byte_order_mark(bytes);
    out.result.mode = d == dialect::migration ? transaction_mode::wrapped : transaction_mode::none;
    out.diagnostics = refuse_bytes(out.result.file, bytes, out.result.text);
    if (out.diagnostics.empty()) {
        reader{out, d}.read();
    }
    if (d == dialect::schema_dump) {
        add_transaction(out.result);
    }
    std::stable_sort(out.diagnostics.begin(), out.diagnostics.end(),
                     [](report::diagnostic const& a, report::diagnostic const& b) {
                         return std::pair{a.where.line, a.where.column} < std::pair{b.where.line, b.where.column};
                     });
    return out;
}

} // namespace pgratchet::script
