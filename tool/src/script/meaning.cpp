// SPDX-License-Identifier: Apache-2.0
#include "script/meaning.hpp"

#include "script/checksum.hpp"
#include "script/grammar.hpp"
#include "script/tree.hpp"

#include <vector>

namespace pgratchet::script {

namespace {

/// Takes the places out of a tree: numbers called "location", "stmt_location" and "stmt_len". (The text "location" of
/// CREATE TABLESPACE stays.) Without recursion, as trees are deep.
void forget_places(nlohmann::json& tree)
{
    std::vector<nlohmann::json*> open{&tree};
    while (!open.empty()) {
        auto& node = *open.back();
        open.pop_back();
        if (node.is_object()) {
            for (auto const* const name : {"location", "stmt_location", "stmt_len"}) {
                if (auto const place = node.find(name); place != node.end() && place->is_number()) {
                    node.erase(place);
                }
            }
        }
        if (node.is_structured()) {
            for (auto& part : node) {
                open.push_back(&part);
            }
        }
    }
}

std::string meaning_of(std::string_view statement)
{
    auto tree = tree_of(statement);
    if (tree.is_null()) {
        return "text " + sha256(statement);
    }
    forget_places(tree);
    return "tree " + sha256(tree.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

} // namespace

std::string meaning_of(script const& of)
{
    std::string all = of.mode == transaction_mode::none ? "no transaction\n" : "transaction\n";
    for (auto const* const one : {&of.begin, &of.set_transaction}) {
        all += one->has_value() ? meaning_of(of.text_of(**one)) + "\n" : "-\n";
    }
    for (auto const& one : of.body) {
        all += meaning_of(of.text_of(one)) + "\n";
    }
    return "pg" + std::to_string(parser_major_version()) + ":" + sha256(all);
}

} // namespace pgratchet::script
