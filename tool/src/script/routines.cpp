// SPDX-License-Identifier: Apache-2.0
#include "script/routine.hpp"
#include "script/tree.hpp"
#include "script/type_name.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace pgratchet::script {

namespace {

using nlohmann::json;

/// A member at the end of a path of names; null if there is none.
json const& at(json const& node, std::initializer_list<char const*> path)
{
    static json const null;
    json const* here = &node;
    for (auto const* name : path) {
        if (!here->is_object()) {
            return null;
        }
        auto const next = here->find(name);
        if (next == here->end()) {
            return null;
        }
        here = &*next;
    }
    return *here;
}

std::string text(json const& node, std::initializer_list<char const*> path)
{
    json const& found = at(node, path);
    return found.is_string() ? found.get<std::string>() : "";
}

/// A list of String nodes as schema and name.
routine_name name_in(json const& list)
{
    routine_name name;
    if (list.is_array()) {
        for (auto const& part : list) {
            name.schema = std::exchange(name.name, text(part, {"String", "sval"}));
        }
    }
    return name;
}

/// Nothing for what only the server can tell (%TYPE).
std::optional<std::string> type_in(json const& type)
{
    if (at(type, {"pct_type"}).is_boolean()) {
        return std::nullopt;
    }
    return long_type_name(name_in(at(type, {"names"})).name) + (at(type, {"arrayBounds"}).is_array() ? "[]" : "");
}

std::optional<std::vector<std::string>> input_types(json const& create)
{
    bool const is_procedure = at(create, {"is_procedure"}).is_boolean();
    std::vector<std::string> types;
    for (auto const& one : at(create, {"parameters"})) {
        auto const mode = text(one, {"FunctionParameter", "mode"});
        if (mode == "FUNC_PARAM_TABLE" || (mode == "FUNC_PARAM_OUT" && !is_procedure)) {
            continue;
        }
        auto type = type_in(at(one, {"FunctionParameter", "argType"}));
        if (!type) {
            return std::nullopt;
        }
        types.push_back(std::move(*type));
    }
    return types;
}

routine_name object_name(json const& object)
{
    auto name = name_in(at(object, {"ObjectWithArgs", "objname"}));
    if (!at(object, {"ObjectWithArgs", "args_unspecified"}).is_boolean()) {
        name.arguments.emplace();
        for (auto const& one : at(object, {"ObjectWithArgs", "objargs"})) {
            name.arguments->push_back(type_in(at(one, {"TypeName"})).value_or(""));
        }
    }
    return name;
}

/// False if what is said of the two tells them apart.
bool may_be(routine_name const& known, routine_name const& wanted)
{
    return known.name == wanted.name &&
           (known.schema.empty() || wanted.schema.empty() || known.schema == wanted.schema);
}

} // namespace

void routines::follow(script const& file, statement const& s)
{
    if (s.command == "CREATE FUNCTION" || s.command == "CREATE PROCEDURE") {
        auto made = routine_in(file, s);
        if (!made) {
            return;
        }
        if (auto const tree = tree_of(file.text_of(s)); tree.contains("CreateFunctionStmt")) {
            made->name.arguments = input_types(tree["CreateFunctionStmt"]);
        }
        m_all.push_back(std::make_shared<routine const>(std::move(*made)));
    } else if (s.node == "RenameStmt" || s.node == "AlterObjectSchemaStmt") {
        rename(s, file.text_of(s));
    }
}

void routines::rename(statement const& s, std::string_view text_of_it)
{
    constexpr std::string_view routine_words = "FUNCTION PROCEDURE ROUTINE";
    auto const word = s.command.substr(s.command.find(' ') + 1);
    if (routine_words.find(word) == std::string_view::npos) {
        return;
    }
    auto const tree = tree_of(text_of_it);
    auto const& node = at(tree, {s.node.c_str()});
    auto const* const known = find(object_name(at(node, {"object"})));
    if (known == nullptr) {
        return;
    }
    auto moved = *known;
    if (s.node == "RenameStmt") {
        moved.name.name = text(node, {"newname"});
    } else {
        moved.name.schema = text(node, {"newschema"});
    }
    m_all.push_back(std::make_shared<routine const>(std::move(moved)));
}

routine const* routines::find(routine_name const& wanted) const
{
    routine const* last = nullptr;
    for (auto one = m_all.rbegin(); one != m_all.rend(); ++one) {
        auto const& known = (*one)->name;
        if (!may_be(known, wanted)) {
            continue;
        }
        if (wanted.arguments && known.arguments) {
            if (*wanted.arguments == *known.arguments) {
                return one->get();
            }
            continue;
        }
        if (last != nullptr && last->name.arguments != known.arguments) {
            return nullptr;
        }
        last = last == nullptr ? one->get() : last;
    }
    return last;
}

routine const* routines::find_by_body(std::string_view body) const
{
    auto const place =
        std::find_if(m_all.rbegin(), m_all.rend(), [&](auto const& one) { return one->body.value() == body; });
    return place == m_all.rend() ? nullptr : place->get();
}

} // namespace pgratchet::script
