// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/object.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Takes identities apart, and lists of them.
namespace pgratchet::catalog {

/// The part of an identity that is the object's own: "c" of "c on public.t" and of "public.t.c", "f(integer)" of
/// "public.f(integer)".
[[nodiscard]] std::string own_name(object const&);

/// The parts of a list, cut at a separator that stands outside of quotes and parentheses, without blanks around.
[[nodiscard]] std::vector<std::string> parts_of(std::string_view list, char separator);

/// One past the closing quote of what starts at `from`.
[[nodiscard]] std::size_t end_of_quoted(std::string_view text, std::size_t from);

} // namespace pgratchet::catalog
