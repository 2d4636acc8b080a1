// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compile/source.hpp"

#include <string_view>

namespace pgratchet::compile {

/// Finds the statements that take away what holds data, where the file leaves something of the same name all the same:
/// columns that swap their names, a table that is dropped and made again. What is under that name is other data since,
/// and the schema does not show it: so these are no longer schema-only, nor is their file. To be called when the file's
/// effects are known; `before` and `after` are the catalog.
void note_moved_data(source&, catalog::snapshot const& before, catalog::snapshot const& after);

/// Notes what the file gives another name, and leaves. To be called likewise.
void note_renamed(source&, catalog::snapshot const& before);

/// True of a statement that can take something away, or give it another name.
[[nodiscard]] bool can_take_away(script::statement const&, std::string_view text);

} // namespace pgratchet::compile
