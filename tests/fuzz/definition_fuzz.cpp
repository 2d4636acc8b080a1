// SPDX-License-Identifier: Apache-2.0
// The comparison of two definitions, whose texts come from a live server and from a plan: `KIND`, a line feed,
// `ATTRIBUTE`, a line feed, and two texts with a NUL between them.
#include "catalog/canonical.hpp"
#include "expect.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace pgratchet;

namespace {

std::string_view cut(std::string_view& text, char at)
{
    auto const end = text.find(at);
    auto const part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return part;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view rest{reinterpret_cast<char const*>(data), size};
    catalog::object_id const id{std::string{cut(rest, '\n')}, "public.x"};
    std::string const attribute{cut(rest, '\n')};
    auto const a = cut(rest, '\0');
    bool const same = catalog::same_meaning(id, attribute, a, rest);
    fuzz::expect(same == catalog::same_meaning(id, attribute, rest, a), "the same one way and not the other");
    fuzz::expect(same || a != rest, "equal text, and not the same");
    return 0;
}
