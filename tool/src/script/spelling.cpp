// SPDX-License-Identifier: Apache-2.0
#include "script/spelling.hpp"

#include "script/lexer.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace pgratchet::script {

std::size_t spelling_distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t const replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

bool says(std::string_view sql, std::string_view keyword)
{
    lexer tokens{sql};
    for (auto one = tokens.next(); one.kind != token_kind::end_of_text; one = tokens.next()) {
        if (one.kind == token_kind::word && is_keyword(sql.substr(one.begin, one.end - one.begin), keyword)) {
            return true;
        }
    }
    return false;
}

std::string in_lower_case(std::string_view text)
{
    std::string result{text};
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

} // namespace pgratchet::script
