// SPDX-License-Identifier: Apache-2.0
#include "script/grammar.hpp"

#include "script/parse_tree.hpp"
#include "script/source_text.hpp"

#include <array>
#include <memory>
#include <pg_query.h>
#include <pthread.h>
#include <string>
#include <sys/resource.h>
#include <utility>

namespace pgratchet::script {

namespace {

/// 671 bytes for each token: nearly three times what the deepest tree was seen to take.
constexpr std::size_t parser_stack = std::size_t{64} << 20U;

/// Commands that work on data: no tree can make them schema-only, so checking their syntax is enough.
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> data_commands{{
    {"INSERT", "InsertStmt"},
    {"UPDATE", "UpdateStmt"},
    {"DELETE", "DeleteStmt"},
    {"MERGE", "MergeStmt"},
    {"SELECT", "SelectStmt"},
    {"VALUES", "SelectStmt"},
    {"TABLE", "SelectStmt"},
    {"COPY", "CopyStmt"},
    {"DO", "DoStmt"},
    {"CALL", "CallStmt"},
    {"TRUNCATE", "TruncateStmt"},
    {"EXECUTE", "ExecuteStmt"},
    {"EXPLAIN", "ExplainStmt"},
    {"DECLARE", "DeclareCursorStmt"},
    {"FETCH", "FetchStmt"},
    {"MOVE", "FetchStmt"},
    {"PREPARE", "PrepareStmt"},
    {"NOTIFY", "NotifyStmt"},
}};

/// The node of a data command, told by its first word; empty for all others.
std::string_view data_node(std::string_view text, std::string_view first_word)
{
    if (first_word.empty()) {
        return text.starts_with('(') ? "SelectStmt" : "";
    }
    bool const with = is_keyword(first_word, "WITH");
    if (with) {
        // The verb of WITH ... is the first one outside of parentheses.
        lexer words{text};
        std::size_t depth = 0;
        for (token t = words.next(); t.kind != token_kind::end_of_text; t = words.next()) {
            depth += t.kind == token_kind::open_parenthesis ? 1U : 0U;
            depth -= t.kind == token_kind::close_parenthesis && depth > 0 ? 1U : 0U;
            std::string_view const word = text.substr(t.begin, t.end - t.begin);
            if (depth == 0 && t.kind == token_kind::word &&
                (is_keyword(word, "SELECT") || is_keyword(word, "INSERT") || is_keyword(word, "UPDATE") ||
                 is_keyword(word, "DELETE") || is_keyword(word, "MERGE") || is_keyword(word, "VALUES"))) {
                first_word = word;
                break;
            }
        }
    }
    for (auto const& [keyword, node] : data_commands) {
        if (is_keyword(first_word, keyword)) {
            return node;
        }
    }
    return with ? "SelectStmt" : "";
}

/// Keeps why the parser refused a statement. Its own limits are no refusal: the server's are others.
void keep_error(PgQueryError const& error, std::string_view text, statement& target)
{
    constexpr std::size_t longest_message = 300;
    std::string message = error.message == nullptr ? "syntax error" : error.message;
    if (message.starts_with("memory exhausted") || message.starts_with("out of memory") ||
        message.starts_with("invalid memory alloc request size") || message.starts_with("stack depth limit")) {
        return;
    }
    if (message.size() > longest_message) {
        std::size_t end = longest_message;
        while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        message.resize(end);
        message += "...";
    }
    target.parser_message = std::move(message);
    target.parser_offset = character_offset(text, target.begin, target.end,
                                            error.cursorpos > 0 ? static_cast<std::size_t>(error.cursorpos) : 1);
}

void check_syntax(std::string const& sql, std::string_view text, std::string_view node, statement& target)
{
    PgQuerySplitResult const result = pg_query_split_with_parser(sql.c_str());
    if (result.error != nullptr) {
        keep_error(*result.error, text, target);
    } else {
        target.node = node;
    }
    pg_query_free_split_result(result);
}

void read_tree(std::string const& sql, std::string_view text, statement& target)
{
    PgQueryParseResult const result = pg_query_parse(sql.c_str());
    if (result.error != nullptr) {
        keep_error(*result.error, text, target);
    } else if (result.parse_tree != nullptr) {
        tree_facts facts = read_parse_tree(result.parse_tree);
        target.node = std::move(facts.node);
        target.schema_only = facts.schema_only;
        target.untraced = std::move(facts.untraced);
        target.may_be_untraced = facts.may_be_untraced;
        target.if_not_exists = facts.if_not_exists;
    }
    pg_query_free_parse_result(result);
}

void read_all(std::string_view text, std::vector<parser_task> const& tasks)
{
    std::string sql; // one buffer, as libpg_query wants a text that ends with NUL
    for (parser_task const& task : tasks) {
        statement& target = *task.target;
        std::string_view const source = text.substr(target.begin, target.end - target.begin);
        if (task.tokens > most_tokens_parsed || task.rescanned / most_rescans_per_byte > source.size()) {
            continue;
        }
        sql = source;
        if (std::string_view const node = data_node(source, task.first_word); !node.empty()) {
            check_syntax(sql, text, node, target);
        } else if (task.tokens <= most_tokens_in_tree && source.size() <= most_bytes_in_tree) {
            read_tree(sql, text, target);
        }
    }
}

thread_local bool has_parser_stack = false;

void run(std::function<void()> const& work) noexcept
{
    try {
        work();
    } catch (std::bad_alloc const&) {
        // What was not read stays unknown; the server will judge it.
    }
}

void* run_thread(void* argument) noexcept
{
    has_parser_stack = true;
    run(*static_cast<std::function<void()> const*>(argument));
    return nullptr;
}

} // namespace

void let_main_stack_grow()
{
    constexpr rlim_t wanted = parser_stack + (std::size_t{8} << 20U); // and what stands on it already
    rlimit limit{};
    if (::getrlimit(RLIMIT_STACK, &limit) != 0) {
        return;
    }
    if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= wanted) {
        has_parser_stack = true;
    } else if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= wanted) {
        limit.rlim_cur = wanted;
        has_parser_stack = ::setrlimit(RLIMIT_STACK, &limit) == 0;
    }
}

void run_with_parser_stack(std::function<void()> const& work)
{
    if (has_parser_stack) {
        run(work);
        return;
    }
    // std::jthread cannot be given a stack size.
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) {
        return;
    }
    pthread_t thread{};
    if (pthread_attr_setstacksize(&attributes, parser_stack) == 0 &&
        pthread_create(&thread, &attributes, run_thread, const_cast<std::function<void()>*>(&work)) == 0) {
        pthread_join(thread, nullptr);
    }
    pthread_attr_destroy(&attributes);
}

int parser_major_version()
{
    constexpr int versions_in_major = 10000;
    return PG_VERSION_NUM / versions_in_major;
}

void read_with_parser(std::string_view text, std::vector<parser_task> const& tasks)
{
    if (!tasks.empty()) {
        run_with_parser_stack([&] { read_all(text, tasks); });
    }
}

} // namespace pgratchet::script
