// SPDX-License-Identifier: Apache-2.0
#include "database/redact.hpp"

#include "database/session.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <libpq-fe.h>
#include <memory>
#include <optional>

namespace pgratchet::database {

bool is_secret(std::string_view keyword)
{
    // sslpassword opens the client's private key; the others are libpq 18's.
    static constexpr std::array secret_keywords{"password", "sslpassword", "oauth_client_secret", "scram_client_key",
                                                "scram_server_key"};
    return std::ranges::find(secret_keywords, keyword) != secret_keywords.end();
}

namespace {

constexpr std::string_view mask = "***";

bool is_uri(std::string_view text)
{
    return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

struct span {
    std::size_t begin;
    std::size_t end;
};

/// Where the password of a URI was most likely meant to be: up to the last @ before the query. libpq ends it at the
/// first @, and sees no user at all when a slash comes before that.
std::optional<span> user_password(std::string_view uri)
{
    auto const start = uri.find("://") + 3;
    auto const first_at = uri.find('@', start);
    if (first_at == std::string_view::npos) {
        return std::nullopt;
    }
    auto const query = std::min(uri.find('?', first_at), uri.size());
    auto const last_at = uri.substr(0, query).rfind('@');
    auto const colon = uri.find(':', start);
    if (colon == std::string_view::npos || colon > last_at) {
        return std::nullopt;
    }
    return span{colon + 1, last_at};
}

/// What may be the value of a secret parameter in a URI's query, wherever that begins: a password may hold a ?.
std::vector<span> query_secrets(std::string_view uri)
{
    std::vector<span> found;
    for (auto from = uri.find_first_of("?&"); from != std::string_view::npos;
         from = uri.find_first_of("?&", from + 1)) {
        auto const end = std::min(uri.find('&', from + 1), uri.size());
        auto const equals = uri.find('=', from + 1);
        if (equals < end && is_secret(uri.substr(from + 1, equals - from - 1))) {
            found.push_back({equals + 1, end});
        }
    }
    return found;
}

int hexadecimal(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    auto const lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text)
{
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hexadecimal(text[i + 1]) >= 0 && hexadecimal(text[i + 2]) >= 0) {
            decoded += static_cast<char>(hexadecimal(text[i + 1]) * 16 + hexadecimal(text[i + 2]));
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

void replace_all(std::string& text, std::string_view what, std::string_view with)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
}

} // namespace

std::string connection_string::option(std::string_view keyword) const
{
    auto const found = std::ranges::find(options, keyword, &std::pair<std::string, std::string>::first);
    return found == options.end() ? std::string{} : found->second;
}

std::string connection_string::hide(std::string text) const
{
    if (!quotable) {
        return {};
    }
    for (auto const& secret : secrets) {
        // A very short password occurs in any text; replaced everywhere, the stars would spell it out.
        if (secret.size() >= 3) {
            replace_all(text, secret, mask);
        } else if (!secret.empty()) {
            replace_all(text, '"' + secret + '"', mask);
        }
    }
    return text;
}

connection_string take_apart(std::string const& conninfo)
{
    connection_string result;
    char* complaint = nullptr;
    auto const parsed = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>{
        PQconninfoParse(conninfo.c_str(), &complaint), &PQconninfoFree};
    PQfreemem(complaint);
    if (parsed == nullptr || conninfo.find('\0') != std::string::npos) {
        return result;
    }
    result.valid = true;
    result.quotable = true;
    for (auto const* option = parsed.get(); option->keyword != nullptr; ++option) {
        if (option->val != nullptr) {
            result.options.emplace_back(option->keyword, option->val);
            if (is_secret(option->keyword)) {
                result.secrets.emplace_back(option->val);
            }
        }
    }
    if (is_uri(conninfo)) {
        auto const text = std::string_view{conninfo};
        if (auto const meant = user_password(text)) {
            auto const written = text.substr(meant->begin, meant->end - meant->begin);
            result.quotable = std::ranges::find(result.secrets, percent_decoded(written)) != result.secrets.end();
            result.secrets.emplace_back(written);
        }
        for (auto const& [begin, end] : query_secrets(text)) {
            result.secrets.emplace_back(text.substr(begin, end - begin));
        }
    }
    // The longest first: one secret may be a part of another.
    std::ranges::sort(result.secrets, std::ranges::greater{}, &std::string::size);
    return result;
}

} // namespace pgratchet::database
