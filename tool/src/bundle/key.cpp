// SPDX-License-Identifier: Apache-2.0
#include "bundle/key.hpp"

#include "errors.hpp"
#include "script/checksum.hpp"

#include <algorithm>
#include <optional>
#include <sodium.h>

namespace pgratchet::bundle {

namespace {

constexpr std::string_view public_word = "pgratchet-public-key";
constexpr std::string_view secret_word = "pgratchet-secret-key";
constexpr std::string_view signature_word = "pgratchet-signature";
constexpr std::string_view signed_prefix = "pgratchet bundle manifest\n";

template <std::size_t size>
std::string base64(std::array<unsigned char, size> const& bytes)
{
    std::string text(sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), size, sodium_base64_VARIANT_ORIGINAL);
    text.pop_back(); // the NUL
    return text;
}

/// Nothing unless the text is exactly that many bytes.
template <std::size_t size>
bool from_base64(std::string_view text, std::array<unsigned char, size>& bytes)
{
    std::size_t length = 0;
    return sodium_base642bin(bytes.data(), size, text.data(), text.size(), nullptr, &length, nullptr,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           length == size;
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blank = " \t\r\n";
    auto const from = text.find_first_not_of(blank);
    return from == std::string_view::npos ? std::string_view{}
                                          : text.substr(from, text.find_last_not_of(blank) - from + 1);
}

/// What stands behind the word that a line starts with; nothing if it starts with another.
std::optional<std::string_view> behind(std::string_view word, std::string_view line)
{
    if (!line.starts_with(word) || line.size() == word.size() || line[word.size()] != ' ') {
        return std::nullopt;
    }
    return trimmed(line.substr(word.size()));
}

std::string message_of(std::string_view manifest)
{
    return std::string{signed_prefix} + std::string{manifest};
}

void start_sodium()
{
    if (sodium_init() < 0) {
        throw std::runtime_error{"libsodium does not start"};
    }
}

} // namespace

secret_key::~secret_key()
{
    sodium_memzero(bytes.data(), bytes.size());
}

secret_key make_key()
{
    start_sodium();
    secret_key made;
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> half{};
    crypto_sign_keypair(half.data(), made.bytes.data());
    return made;
}

public_key public_half(secret_key const& of)
{
    public_key half;
    crypto_sign_ed25519_sk_to_pk(half.bytes.data(), of.bytes.data());
    return half;
}

std::string key_id(public_key const& of)
{
    return script::sha256({reinterpret_cast<char const*>(of.bytes.data()), of.bytes.size()}).substr(0, 16);
}

std::string to_text(public_key const& of)
{
    return std::string{public_word} + " " + base64(of.bytes) + "\n";
}

std::string to_text(secret_key const& of)
{
    return std::string{secret_word} + " " + base64(of.bytes) + "\n";
}

std::vector<public_key> public_keys_from(std::string_view text, std::string const& name)
{
    std::vector<public_key> keys;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        auto const line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.front() == '#') {
            continue;
        }
        auto const value = behind(public_word, line);
        public_key one;
        if (!value || !from_base64(*value, one.bytes)) {
            throw configuration_error{name + " is no file of public keys",
                                      "each line is that of a file NAME.pub, which pgratchet key writes"};
        }
        keys.push_back(one);
    }
    if (keys.empty()) {
        throw configuration_error{name + " holds no public key", "it is a file NAME.pub, which pgratchet key writes"};
    }
    return keys;
}

secret_key secret_key_from(std::string_view text, std::string const& name)
{
    auto const value = behind(secret_word, trimmed(text));
    secret_key read;
    if (!value || !from_base64(*value, read.bytes)) {
        throw configuration_error{name + " is no secret key", "pgratchet key writes one, as NAME.key"};
    }
    return read;
}

signature sign(secret_key const& with, std::string_view manifest)
{
    signature made;
    made.by = public_half(with);
    auto const message = message_of(manifest);
    crypto_sign_detached(made.bytes.data(), nullptr, reinterpret_cast<unsigned char const*>(message.data()),
                         message.size(), with.bytes.data());
    return made;
}

bool is_valid(signature const& of, std::string_view manifest)
{
    auto const message = message_of(manifest);
    return crypto_sign_verify_detached(of.bytes.data(), reinterpret_cast<unsigned char const*>(message.data()),
                                       message.size(), of.by.bytes.data()) == 0;
}

std::string to_text(signature const& of)
{
    return to_text(of.by) + std::string{signature_word} + " " + base64(of.bytes) + "\n";
}

signature signature_from(std::string_view text)
{
    auto const end = text.find('\n');
    signature read;
    if (end != std::string_view::npos) {
        auto const by = behind(public_word, text.substr(0, end));
        auto const value = behind(signature_word, trimmed(text.substr(end)));
        if (by && value && from_base64(*by, read.by.bytes) && from_base64(*value, read.bytes) &&
            to_text(read) == text) {
            return read;
        }
    }
    throw state_refused{"the bundle's signature is damaged", "get the bundle again from where it was made"};
}

} // namespace pgratchet::bundle
