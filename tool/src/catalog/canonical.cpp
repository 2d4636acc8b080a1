// SPDX-License-Identifier: Apache-2.0
#include "catalog/canonical.hpp"

#include "catalog/canonical_tree.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <pg_query.h>

using nlohmann::json;

namespace pgratchet::catalog {
namespace {

// libpg_query walks its trees by recursion: measured on an 8 MiB stack, the JSON form of 1+1+... stands 64,000
// levels and overflows at 100,000. So many bytes cannot hold more than half as many levels.
constexpr std::size_t longest_text = 64UL * 1024;
// Our own walk over the tree is recursive too. Deparsed text of real schemas stays below 100.
constexpr std::size_t deepest_tree = 1500;
// Nested comments cost libpg_query the square of their depth; a server's own text has none.
constexpr std::size_t most_comments = 16;
// A run of operator characters costs its scanner the square; no operator of a server is longer than 63.
constexpr std::size_t longest_operator_run = 1024;

struct around {
    std::string_view before;
    std::string_view after;
};

/// Which attributes hold which kind of SQL, and what makes a statement of it.
struct rule {
    std::string_view kind;
    std::string_view attribute;
    around statement;
};

constexpr around whole_statement{"", ""};
constexpr around expression{"SELECT WHERE ", ""}; // no output column, whose name would have a say
constexpr around constraint{"ALTER TABLE t ADD CONSTRAINT c ", ""};
constexpr around parameters{"CREATE FUNCTION f(", ") AS ''"};
constexpr around function_body{"CREATE FUNCTION f() ", ""};

constexpr auto rules = std::to_array<rule>({
    {"view", "definition", whole_statement},
    {"materialized view", "definition", whole_statement},
    {"index", "definition", whole_statement},
    {"trigger", "definition", whole_statement},
    {"rule", "definition", whole_statement},
    {"statistics object", "definition", whole_statement},
    {"column", "type", {"SELECT NULL::", ""}},
    {"column", "collation", {"SELECT '' COLLATE ", ""}},
    {"column", "default", expression},
    {"column", "generated", expression},
    {"type", "attributes", {"CREATE TYPE t AS (", ")"}},
    {"type", "default", expression},
    {"sequence", "owned by", expression},
    {"policy", "using", expression},
    {"policy", "check", expression},
    {"table constraint", "definition", constraint},
    {"domain constraint", "definition", constraint},
    {"function", "arguments", parameters},
    {"procedure", "arguments", parameters},
    {"function", "result", {"CREATE FUNCTION f() RETURNS ", " AS ''"}},
    {"function", "body", function_body},
    {"procedure", "body", function_body},
    {"table", "partition key", {"CREATE TABLE t (a int) PARTITION BY ", ""}},
    {"table", "partition bound", {"CREATE TABLE t PARTITION OF p ", ""}},
});

std::optional<around> statement_around(object_id const& id, std::string const& attribute)
{
    for (auto const& rule : rules) {
        if (rule.kind == id.kind && rule.attribute == attribute) {
            return rule.statement;
        }
    }
    return std::nullopt;
}

/// A body by the SQL standard is deparsed by the server; any other is a string, in which every byte counts.
bool is_sql_standard_body(std::string_view text)
{
    return text.starts_with("BEGIN ATOMIC\n") || text.starts_with("RETURN ");
}

bool has_long_operator_run(std::string_view text)
{
    std::size_t run = 0;
    return std::any_of(text.begin(), text.end(), [&](char letter) {
        run = std::string_view{"~!@#^&|`?+-*/%<>="}.find(letter) != std::string_view::npos ? run + 1 : 0;
        return run > longest_operator_run;
    });
}

bool fit_for_parser(std::string_view text)
{
    if (text.size() > longest_text || text.find('\0') != std::string_view::npos) {
        return false;
    }
    std::size_t comments = 0;
    for (auto at = text.find("/*"); at != std::string_view::npos; at = text.find("/*", at + 1)) {
        ++comments;
    }
    return comments <= most_comments && !has_long_operator_run(text);
}

/// Depth of brackets in a JSON text, those inside its strings left out.
std::size_t depth_of(std::string_view text)
{
    std::size_t depth = 0;
    std::size_t deepest = 0;
    bool in_string = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char const letter = text[at];
        if (letter == '"') {
            in_string = !in_string;
        } else if (in_string) {
            at += letter == '\\' ? 1 : 0;
        } else if (letter == '{' || letter == '[') {
            deepest = std::max(deepest, ++depth);
        } else if (letter == '}' || letter == ']') {
            --depth;
        }
    }
    return deepest;
}

/// The parse tree of a text, if libpg_query knows its grammar.
std::optional<json> parsed(around const& statement, std::string_view text)
{
    auto const sql = std::string{statement.before}.append(text).append(statement.after);
    auto const result = std::unique_ptr<PgQueryParseResult, void (*)(PgQueryParseResult*)>{
        new PgQueryParseResult{pg_query_parse(sql.c_str())}, [](PgQueryParseResult* done) {
            pg_query_free_parse_result(*done);
            delete done;
        }};
    if (result->error != nullptr || depth_of(result->parse_tree) > deepest_tree) {
        return std::nullopt;
    }
    auto tree = json::parse(result->parse_tree, nullptr, false);
    if (tree.is_discarded() || !restore_integers(tree, sql)) {
        return std::nullopt;
    }
    return tree;
}

bool is_view(object_id const& id)
{
    return id.kind == "view" || id.kind == "materialized view";
}

} // namespace

bool same_meaning(object_id const& id, std::string const& attribute, std::string_view a, std::string_view b)
{
    if (a == b) {
        return true;
    }
    auto const statement = statement_around(id, attribute);
    if (!statement || !fit_for_parser(a) || !fit_for_parser(b) ||
        (attribute == "body" && !(is_sql_standard_body(a) && is_sql_standard_body(b)))) {
        return false;
    }
    auto left = parsed(*statement, a);
    auto right = left ? parsed(*statement, b) : std::nullopt;
    if (!right) {
        return false;
    }
    for (auto* tree : {&*left, &*right}) {
        if (is_view(id)) {
            drop_sole_qualifier(*tree);
        }
        drop_hidden_names(*tree);
        normalise(*tree);
    }
    return *left == *right;
}

} // namespace pgratchet::catalog
