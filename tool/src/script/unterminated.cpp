// SPDX-License-Identifier: Apache-2.0
#include "script/unterminated.hpp"

#include <algorithm>
#include <cstddef>

namespace pgratchet::script {

unterminated what_is_unterminated(cut const& c, std::string_view text)
{
    constexpr std::size_t longest_tag = 64;
    if (c.kind == cut_kind::unclosed_parenthesis) {
        return {"unclosed-parenthesis", "a parenthesis that is never closed",
                "close it; as it is, the rest of the file belongs to this statement"};
    }
    if (c.kind == cut_kind::unclosed_body) {
        return {"unclosed-body", "BEGIN ATOMIC without END",
                "put END; behind the last statement of the function's body"};
    }
    switch (c.quote) {
    case token_kind::block_comment:
        return {"unterminated-comment", "a comment that is never closed",
                "close it with */; comments nest, each /* inside needs a */ of its own"};
    case token_kind::dollar_string: {
        auto const rest = text.substr(c.begin);
        auto const tag = rest.substr(0, std::min(rest.find('$', 1) + 1, longest_tag));
        return {"unterminated-dollar-quote", "a dollar-quoted string that is never closed",
                "close it with " + std::string{tag}};
    }
    case token_kind::quoted_name:
        return {"unterminated-quoted-name", "a quoted name that is never closed", "close it with \""};
    default:
        return {"unterminated-string", "a string that is never closed",
                "close it with '; write a quote inside of it twice"};
    }
}

} // namespace pgratchet::script
