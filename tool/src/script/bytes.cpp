// SPDX-License-Identifier: Apache-2.0
#include "script/bytes.hpp"

#include "script/source_text.hpp"

namespace pgratchet::script {

std::vector<report::diagnostic> refuse_bytes(std::string const& file, std::string_view raw, std::string_view text)
{
    std::vector<report::diagnostic> refused;
    bool const utf_16 = raw.starts_with("\xFF\xFE") || raw.starts_with("\xFE\xFF");
    if (auto const bad = first_invalid_utf8(text)) {
        refused.push_back({report::severity::error,
                           place_finder{file, text}.at(*bad),
                           utf_16 ? "the file is UTF-16, not UTF-8" : "the text is not valid UTF-8",
                           "not-utf-8",
                           {},
                           "save the file as UTF-8"});
    }
    if (std::size_t const nul = text.find('\0'); nul != std::string_view::npos && !utf_16) {
        refused.push_back({report::severity::error,
                           place_finder{file, text}.at(nul),
                           "a NUL byte, which PostgreSQL takes in no text",
                           "nul-byte",
                           {},
                           "remove it; a file full of them is UTF-16: save it as UTF-8"});
    }
    return refused;
}

} // namespace pgratchet::script
