// SPDX-License-Identifier: Apache-2.0
// The backup receipt's reader on arbitrary bytes. What it takes is written and read again as the same, and names an
// archive in its own folder.
#include "backup/receipt.hpp"
#include "errors.hpp"
#include "expect.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

using namespace pgratchet;

namespace {

/// The receipt, or nothing if it was refused in the only way that is allowed.
std::optional<backup::receipt> read(std::string_view text)
{
    try {
        return backup::parse_receipt(text, "x.dump.json");
    } catch (configuration_error const&) {
        return std::nullopt;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const found = read({reinterpret_cast<char const*>(data), size});
    if (found) {
        auto const text = backup::to_json(*found);
        auto const again = read(text);
        fuzz::expect(again.has_value() && *again == *found, "a receipt that is another one when written and read");
        fuzz::expect(backup::to_json(*again) == text, "two texts of one receipt");
        auto const folder = std::filesystem::path{"/backups"};
        auto const archive = (folder / found->archive).lexically_normal();
        fuzz::expect(archive.parent_path() == folder, "an archive outside of its folder");
    }
    return 0;
}
