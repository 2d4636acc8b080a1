// SPDX-License-Identifier: Apache-2.0
#include "script/tree.hpp"

#include "script/cutter.hpp"
#include "script/grammar.hpp"

#include <memory>
#include <pg_query.h>
#include <string>

namespace pgratchet::script {

nlohmann::json tree_of(std::string_view statement)
{
    nlohmann::json tree;
    if (statement.size() > most_bytes_in_whole_tree || statement.find('\0') != std::string_view::npos) {
        return tree;
    }
    // A deep tree overflows the parser's stack, and a long run of operators costs its scanner the square.
    auto const counted = cutter{statement}.next().statement;
    if (counted.tokens > most_tokens_in_tree || counted.rescanned / most_rescans_per_byte > statement.size()) {
        return tree;
    }
    std::string const sql{statement};
    run_with_parser_stack([&] {
        PgQueryParseResult result = pg_query_parse(sql.c_str());
        std::unique_ptr<PgQueryParseResult, void (*)(PgQueryParseResult*)> const owner{
            &result, [](PgQueryParseResult* one) {
                pg_query_free_parse_result(*one);
            }};
        if (result.error == nullptr && result.parse_tree != nullptr) {
            tree = nlohmann::json::parse(result.parse_tree, nullptr, false);
        }
    });
    auto const statements = tree.is_object() ? tree.find("stmts") : tree.end();
    if (!tree.is_object() || statements == tree.end() || statements->size() != 1 ||
        !statements->front().contains("stmt")) {
        return nullptr;
    }
    return nlohmann::json(std::move(statements->front()["stmt"]));
}

} // namespace pgratchet::script
