// SPDX-License-Identifier: Apache-2.0
#include "script/checksum.hpp"

#include <array>
#include <sodium.h>

namespace pgratchet::script {

std::string sha256(std::string_view bytes)
{
    // crypto_hash_sha256 needs no sodium_init(): it is plain C without state.
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size());
    std::array<char, crypto_hash_sha256_BYTES * 2 + 1> digits{};
    sodium_bin2hex(digits.data(), digits.size(), digest.data(), digest.size());
    return {digits.data(), digits.size() - 1};
}

} // namespace pgratchet::script
