// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::bundle {

/// An Ed25519 public key (RFC 8032). Its text is one line, `pgratchet-public-key BASE64`.
struct public_key {
    std::array<unsigned char, 32> bytes{};

    friend bool operator==(public_key const&, public_key const&) = default;
};

/// The key that signs, with its public half. Wiped from memory when it goes.
class secret_key {
public:
    secret_key() = default;
    ~secret_key();
    secret_key(secret_key const&) = default;
    secret_key& operator=(secret_key const&) = default;

    /// The seed and then the public key, as libsodium has it.
    std::array<unsigned char, 64> bytes{};
};

/// A new key from the system's random numbers.
[[nodiscard]] secret_key make_key();

[[nodiscard]] public_key public_half(secret_key const&);

/// Sixteen hexadecimal digits by which people tell keys apart: the start of the public key's SHA-256.
[[nodiscard]] std::string key_id(public_key const&);

/// The texts of the key files, one line each with a line feed.
[[nodiscard]] std::string to_text(public_key const&);
[[nodiscard]] std::string to_text(secret_key const&);

/// The keys in the text of a file of trusted keys: one to a line, `#` starts a comment. Throws configuration_error
/// if a line is something else, or there is none; `name` is what the message calls the file.
[[nodiscard]] std::vector<public_key> public_keys_from(std::string_view text, std::string const& name);

/// Throws configuration_error, in which nothing of the text is repeated.
[[nodiscard]] secret_key secret_key_from(std::string_view text, std::string const& name);

/// What `pgratchet-bundle.sig` holds: who signed, and the signature. It is of the manifest's bytes behind a prefix,
/// so that it can never be taken for a signature of anything else.
struct signature {
    public_key by;
    std::array<unsigned char, 64> bytes{};
};

[[nodiscard]] signature sign(secret_key const&, std::string_view manifest);
[[nodiscard]] bool is_valid(signature const&, std::string_view manifest);

[[nodiscard]] std::string to_text(signature const&);

/// Throws state_refused if the text is no signature.
[[nodiscard]] signature signature_from(std::string_view text);

} // namespace pgratchet::bundle
