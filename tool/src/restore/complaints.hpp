// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace pgratchet::restore {

/// Whether all that pg_restore complained of is `SET transaction_timeout = 0`, which pg_restore 17 and later sends to
/// every server and those before 17 do not know. It goes on after that, and ends with exit status 1 all the same.
/// `output` is all that it printed, in English. Anything that is not known to be harmless makes it false: a command's
/// text that looks like such a complaint comes behind the complaint about that command.
[[nodiscard]] bool only_about_transaction_timeout(std::string_view output);

} // namespace pgratchet::restore
