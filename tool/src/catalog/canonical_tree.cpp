// SPDX-License-Identifier: Apache-2.0
#include "catalog/canonical_tree.hpp"

#include "catalog/canonical_node.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

using nlohmann::json;

namespace pgratchet::catalog {
namespace {

// ---- Integers that the JSON form lost ---------------------------------------

/// The integer literal at a position: an optional minus sign and digits, as a server writes it.
std::optional<std::int64_t> integer_at(std::string_view sql, std::size_t position)
{
    auto const text = sql.substr(std::min(position, sql.size()));
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} ? std::optional{value} : std::nullopt;
}

/// Fills in a constant whose value is missing; true unless that fails.
bool restore_constant(json& constant, std::string_view sql)
{
    auto* const integer = child(constant, "ival");
    if (integer == nullptr || integer->contains("ival")) {
        return true;
    }
    auto const value = integer_at(sql, constant.value("location", std::size_t{0}));
    // A positive number was not lost: that position is not the literal's.
    if (!value || *value > 0) {
        return false;
    }
    (*integer)["ival"] = *value;
    return true;
}

// ---- Rewrites of one node ---------------------------------------------------

void drop_positions(json& node)
{
    for (auto const* key : {"location", "stmt_location", "stmt_len"}) {
        node.erase(key);
    }
}

/// The element type of a type name written with exactly one pair of brackets.
std::optional<json> element_type(json const& type)
{
    auto const bounds = type.find("arrayBounds");
    if (bounds == type.end() || bounds->size() != 1) {
        return std::nullopt;
    }
    auto element = type;
    element.erase("arrayBounds");
    return element;
}

/// True if what stands between the brackets cannot be arrays by name only: in ARRAY[tags]::text[] the server casts
/// the column to text[], not to text, and without its type the two cases look alike. One scalar settles it for all.
bool elements_are_known(json& elements)
{
    auto const is_array = [](json const& item) {
        return item.contains("A_ArrayExpr");
    };
    auto const is_scalar = [](json& item) {
        if (auto* const cast = child(item, "TypeCast")) {
            return !(*cast)["typeName"].contains("arrayBounds");
        }
        auto* const constant = child(item, "A_Const");
        return constant != nullptr && (constant->contains("ival") || constant->contains("fval"));
    };
    auto const arrays = std::count_if(elements.begin(), elements.end(), is_array);
    return arrays == 0 ? std::any_of(elements.begin(), elements.end(), is_scalar)
                       : static_cast<std::size_t>(arrays) == elements.size();
}

/// ARRAY[a, b]::t[] is read by the server as ARRAY[a::t, b::t] (parse_expr.c, transformTypeCast), and so it is
/// printed after a dump and restore. An empty array keeps its cast: nothing else tells its type.
void push_cast_to_elements(json& node)
{
    auto* const cast = child(node, "TypeCast");
    auto* const argument = cast == nullptr ? nullptr : child(*cast, "arg");
    auto* const array = argument == nullptr ? nullptr : child(*argument, "A_ArrayExpr");
    auto* const elements = array == nullptr ? nullptr : child(*array, "elements");
    auto* const type = cast == nullptr ? nullptr : child(*cast, "typeName");
    if (elements == nullptr || type == nullptr || elements->empty() || !elements_are_known(*elements)) {
        return;
    }
    auto const element = element_type(*type);
    if (!element) {
        return;
    }
    for (auto& item : *elements) {
        auto const& wanted = item.contains("A_ArrayExpr") ? *type : *element;
        item = json{{"TypeCast", {{"arg", std::move(item)}, {"typeName", wanted}}}};
        push_cast_to_elements(item);
    }
    auto pushed = std::move(*argument);
    node = std::move(pushed);
}

/// PostgreSQL 13 prints "substring"(a, 1, 3), later ones SUBSTRING(a FROM 1 FOR 3), which is a call of
/// pg_catalog.substring by grammar. The deparsing session's search_path makes both the same function.
/// (EXTRACT stays apart from 13's date_part: its result is another type.)
void spell_as_plain_call(json& node)
{
    auto* const call = child(node, "FuncCall");
    if (call == nullptr || call->value("funcformat", "") != "COERCE_SQL_SYNTAX") {
        return;
    }
    (*call)["funcformat"] = "COERCE_EXPLICIT_CALL";
    auto& name = (*call)["funcname"];
    if (name.size() == 2 && string_of(name[0]) == "pg_catalog") {
        name.erase(0);
    }
}

/// PostgreSQL 14 and later print the IN of a procedure's parameters, 13 does not.
void name_default_mode(json& node)
{
    auto* const parameter = child(node, "FunctionParameter");
    if (parameter != nullptr && parameter->value("mode", "") == "FUNC_PARAM_DEFAULT") {
        (*parameter)["mode"] = "FUNC_PARAM_IN";
    }
}

/// Early minor releases leave out AS "?column?" where later ones print it. A constant or an operator has that
/// name anyway; anything else (a cast, a function) would be named after itself.
void drop_nameless_alias(json& node)
{
    auto* const target = child(node, "ResTarget");
    auto* const value = target == nullptr ? nullptr : child(*target, "val");
    if (value == nullptr || target->value("name", "") != "?column?") {
        return;
    }
    auto* const operation = child(*value, "A_Expr");
    if (value->contains("A_Const") || (operation != nullptr && operation->value("kind", "") == "AEXPR_OP")) {
        target->erase("name");
    }
}

} // namespace

bool restore_integers(json& tree, std::string_view sql)
{
    if (!tree.is_structured()) {
        return true;
    }
    for (auto& [key, value] : tree.items()) {
        if (key == "arrayBounds") { // no part of a type's identity: int[3] is int[]
            continue;
        }
        if ((key == "Integer" && value.empty()) || (key == "A_Const" && !restore_constant(value, sql)) ||
            !restore_integers(value, sql)) {
            return false;
        }
    }
    return true;
}

void normalise(json& tree)
{
    if (!tree.is_structured()) {
        return;
    }
    for (auto& value : tree) {
        normalise(value);
    }
    if (tree.is_object()) {
        drop_positions(tree);
        push_cast_to_elements(tree);
        spell_as_plain_call(tree);
        name_default_mode(tree);
        drop_nameless_alias(tree);
    }
}

} // namespace pgratchet::catalog
