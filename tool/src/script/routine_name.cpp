// SPDX-License-Identifier: Apache-2.0
#include "script/routine.hpp"
#include "script/type_name.hpp"

#include <utility>

namespace pgratchet::script {

namespace {

/// Calls `part(text)` for each part of a text between separators outside of double quotes and brackets.
template <class Part>
void split(std::string_view text, char separator, Part part)
{
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        quoted = quoted != (text[i] == '"');
        if (text[i] == separator && !quoted) {
            part(text.substr(begin, i - begin));
            begin = i + 1;
        }
    }
    part(text.substr(begin));
}

std::string unquoted(std::string_view name)
{
    while (name.starts_with(' ')) {
        name.remove_prefix(1);
    }
    if (!name.starts_with('"')) {
        return std::string{name};
    }
    std::string result;
    for (std::size_t i = 1; i < name.size(); ++i) {
        if (name[i] == '"') {
            if (i + 1 >= name.size() || name[i + 1] != '"') {
                return result + std::string{name.substr(i + 1)}; // "[]" of an array
            }
            ++i;
        }
        result += name[i];
    }
    return result;
}

/// Where the list of arguments opens, outside of quotes.
std::size_t opening_of(std::string_view signature)
{
    bool quoted = false;
    for (std::size_t i = 0; i < signature.size(); ++i) {
        quoted = quoted != (signature[i] == '"');
        if (signature[i] == '(' && !quoted) {
            return i;
        }
    }
    return std::string_view::npos;
}

} // namespace

routine_name read_routine_name(std::string_view signature)
{
    routine_name result;
    auto const opening = opening_of(signature);
    split(signature.substr(0, opening), '.',
          [&](std::string_view part) { result.schema = std::exchange(result.name, unquoted(part)); });
    if (opening == std::string_view::npos) {
        return result;
    }
    result.arguments.emplace();
    auto const closing = signature.rfind(')');
    auto const list =
        signature.substr(opening + 1, closing == std::string_view::npos ? closing : closing - opening - 1);
    if (!list.empty()) {
        split(list, ',', [&](std::string_view type) {
            std::string last;
            split(type, '.', [&](std::string_view part) { last = unquoted(part); });
            result.arguments->push_back(long_type_name(last));
        });
    }
    return result;
}

} // namespace pgratchet::script
