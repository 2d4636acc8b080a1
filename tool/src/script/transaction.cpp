// SPDX-License-Identifier: Apache-2.0
#include "script/transaction.hpp"

#include "script/spelling.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace pgratchet::script {

namespace {

constexpr char const* one_transaction = "a migration is one transaction: move what follows to a migration of its own";
constexpr char const* how_to_wrap =
    "put BEGIN; before the first statement and COMMIT; behind the last, or, if a statement cannot run in a "
    "transaction, start the file with `-- pgratchet: no-transaction`";

report::diagnostic refuse(report::location where, std::string rule, std::string message, std::string hint)
{
    return {report::severity::error, std::move(where), std::move(message), std::move(rule), {}, std::move(hint)};
}

bool word_is(std::span<std::string_view const> words, std::size_t i, std::string_view keyword)
{
    return i < words.size() && is_keyword(words[i], keyword);
}

bool is_transaction_setting(std::span<std::string_view const> words)
{
    std::size_t const i = word_is(words, 1, "LOCAL") || word_is(words, 1, "SESSION") ? 2 : 1;
    return word_is(words, i, "TRANSACTION") || word_is(words, i, "TRANSACTION_ISOLATION") ||
           word_is(words, i, "TRANSACTION_READ_ONLY") || word_is(words, i, "TRANSACTION_DEFERRABLE");
}

/// Commands that end a transaction other than by one plain COMMIT, whatever the mode.
std::optional<report::diagnostic> refuse_alone(statement const& s, transaction_role role)
{
    switch (role) {
    case transaction_role::rollback:
        return refuse(s.where, "rollback", s.command + " would undo the migration",
                      "take it out; to try a migration without keeping it, use apply --dry-run");
    case transaction_role::prepared:
        return refuse(s.where, "prepared-transaction", s.command + " cannot stand in a migration",
                      "end the migration with a plain COMMIT");
    case transaction_role::commit_and_chain:
        return refuse(s.where, "commit-and-chain", "COMMIT AND CHAIN starts a second transaction", one_transaction);
    default:
        return std::nullopt;
    }
}

/// A sorted view of a wrapped file: indexes of its first BEGIN and of the first COMMIT behind that.
struct frame {
    std::size_t begin;
    std::size_t commit;
};

frame find_frame(std::span<transaction_role const> roles)
{
    auto const begin = std::find(roles.begin(), roles.end(), transaction_role::begin);
    auto const commit = std::find(begin == roles.end() ? roles.begin() : begin, roles.end(), transaction_role::commit);
    return {static_cast<std::size_t>(begin - roles.begin()), static_cast<std::size_t>(commit - roles.begin())};
}

/// A file without BEGIN or without COMMIT.
void check_halves(std::vector<statement> const& all, std::span<transaction_role const> roles, frame f,
                  std::vector<report::diagnostic>& out)
{
    std::size_t const none = all.size();
    // A file that ends with ROLLBACK and the like was told so already.
    bool const ends_otherwise = std::any_of(roles.begin(), roles.end(), [](transaction_role r) {
        return r == transaction_role::rollback || r == transaction_role::prepared ||
               r == transaction_role::commit_and_chain;
    });
    if (f.begin == none && f.commit == none && !ends_otherwise) {
        out.push_back(refuse(all.front().where, "missing-transaction",
                             "the migration does not stand in BEGIN and COMMIT", how_to_wrap));
    } else if (f.begin == none && f.commit != none) {
        out.push_back(refuse(all[f.commit].where, "commit-without-begin", "COMMIT without BEGIN",
                             "put BEGIN; before the first statement"));
    } else if (f.commit == none && f.begin != none && !ends_otherwise) {
        out.push_back(refuse(all[f.begin].where, "begin-without-commit",
                             all[f.begin].command + " without COMMIT: the server would throw the migration away",
                             "put COMMIT; behind the last statement"));
    }
}

void check_order(std::vector<statement> const& all, std::span<transaction_role const> roles, frame f,
                 std::vector<report::diagnostic>& out)
{
    if (f.begin != 0 && f.begin != all.size()) {
        // COMMIT first, then BEGIN: two broken halves rather than a statement in the wrong place.
        bool const stray_commit = roles.front() == transaction_role::commit;
        out.push_back(stray_commit ? refuse(all.front().where, "commit-without-begin", "COMMIT without BEGIN",
                                            "put BEGIN; before the first statement")
                                   : refuse(all.front().where, "statement-before-begin",
                                            all.front().command + " stands before " + all[f.begin].command,
                                            "BEGIN; comes before the first statement"));
    }
    bool after_told = false;
    for (std::size_t i = f.begin + 1; i < all.size(); ++i) {
        if (roles[i] == transaction_role::begin) {
            out.push_back(refuse(all[i].where, "second-transaction",
                                 i > f.commit ? all[i].command + " starts a second transaction"
                                              : all[i].command + " inside of a transaction",
                                 one_transaction));
            after_told = true;
        } else if (i > f.commit && !after_told) {
            out.push_back(refuse(all[i].where, "statement-after-commit", all[i].command + " stands after COMMIT",
                                 "a migration ends with COMMIT; move it before, or to a migration of its own"));
            after_told = true;
        }
    }
}

std::vector<report::diagnostic> arrange_wrapped(std::vector<statement>& all, std::span<transaction_role const> roles,
                                                script& result)
{
    std::vector<report::diagnostic> out;
    frame const f = find_frame(roles);
    check_halves(all, roles, f, out);
    check_order(all, roles, f, out);
    if (f.begin == all.size() || f.commit == all.size()) {
        return out;
    }
    result.begin = std::move(all[f.begin]);
    std::size_t first = f.begin + 1;
    // They must come before any query; two of them are sent as one text.
    for (; first < f.commit && roles[first] == transaction_role::set_transaction; ++first) {
        if (result.set_transaction) {
            result.set_transaction->end = all[first].end;
        } else {
            result.set_transaction = std::move(all[first]);
        }
    }
    result.commit = std::move(all[f.commit]);
    result.body.assign(std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(first)),
                       std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(f.commit)));
    if (result.body.empty()) {
        out.push_back(refuse(result.begin->where, "empty-body", "nothing stands between BEGIN and COMMIT",
                             "write the statements of the migration between them, or remove the file"));
    }
    return out;
}

} // namespace

transaction_role role_of(raw_statement const& s)
{
    auto const words = s.words();
    if (words.empty()) {
        return transaction_role::none;
    }
    bool const prepared = word_is(words, 1, "PREPARED");
    if (word_is(words, 0, "BEGIN") || (word_is(words, 0, "START") && word_is(words, 1, "TRANSACTION"))) {
        return transaction_role::begin;
    }
    if (word_is(words, 0, "COMMIT") || word_is(words, 0, "END")) {
        std::size_t const i = word_is(words, 1, "WORK") || word_is(words, 1, "TRANSACTION") ? 2 : 1;
        bool const chain = word_is(words, i, "AND") && word_is(words, i + 1, "CHAIN");
        return prepared ? transaction_role::prepared
                        : (chain ? transaction_role::commit_and_chain : transaction_role::commit);
    }
    if (word_is(words, 0, "ROLLBACK") || word_is(words, 0, "ABORT")) {
        std::size_t const i = word_is(words, 1, "WORK") || word_is(words, 1, "TRANSACTION") ? 2 : 1;
        bool const to_savepoint = word_is(words, i, "TO");
        return prepared ? transaction_role::prepared
                        : (to_savepoint ? transaction_role::none : transaction_role::rollback);
    }
    if (word_is(words, 0, "PREPARE") && word_is(words, 1, "TRANSACTION")) {
        return transaction_role::prepared;
    }
    return word_is(words, 0, "SET") && is_transaction_setting(words) ? transaction_role::set_transaction
                                                                     : transaction_role::none;
}

bool may_work_on_slot(raw_statement const& s, std::string_view text)
{
    auto const words = s.words();
    if (!word_is(words, 1, "SUBSCRIPTION") || !word_is(words, 0, "CREATE")) {
        return word_is(words, 1, "SUBSCRIPTION") && word_is(words, 0, "DROP");
    }
    auto options = in_lower_case(text);
    std::erase_if(options, [](char one) { return std::string_view{" \t\r\n'\""}.find(one) != std::string_view::npos; });
    for (auto const* option : {"connect=", "create_slot="}) {
        for (auto const* no : {"false", "off", "0", "no"}) {
            if (options.find(std::string{option} + no) != std::string::npos) {
                return false;
            }
        }
    }
    return true;
}

std::vector<report::diagnostic> arrange(std::vector<statement> all, std::span<transaction_role const> roles,
                                        script& result)
{
    std::vector<report::diagnostic> out;
    if (all.empty()) {
        return {refuse({result.file, 1, 1}, "empty-body", "the file has no statements",
                       "write the statements of the migration, or remove the file")};
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (auto found = refuse_alone(all[i], roles[i])) {
            out.push_back(std::move(*found));
        } else if (result.mode == transaction_mode::none &&
                   (roles[i] == transaction_role::begin || roles[i] == transaction_role::commit)) {
            out.push_back(refuse(all[i].where, "transaction-in-no-transaction",
                                 all[i].command + " in a file that says it runs without a transaction",
                                 "take BEGIN and COMMIT out, or the directive `-- pgratchet: no-transaction`"));
        }
    }
    if (result.mode == transaction_mode::wrapped) {
        auto more = arrange_wrapped(all, roles, result);
        std::move(more.begin(), more.end(), std::back_inserter(out));
    } else {
        result.body = std::move(all);
    }
    return out;
}

void add_transaction(script& to)
{
    auto const add = [&](char const* command, report::location where) {
        statement added;
        added.begin = to.text.size() + 1;
        to.text.append("\n").append(command);
        added.end = to.text.size();
        added.where = std::move(where);
        added.command = command;
        added.node = "TransactionStmt";
        return added;
    };
    auto const end = to.location_of(to.text.size());
    to.mode = transaction_mode::wrapped;
    to.begin = add("BEGIN", {to.file, 1, 1});
    to.commit = add("COMMIT", end);
}

} // namespace pgratchet::script
