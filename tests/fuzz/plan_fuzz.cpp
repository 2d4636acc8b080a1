// SPDX-License-Identifier: Apache-2.0
// The plan reader on arbitrary bytes. What it takes must be written and read again as the same plan, and must be a plan
// that the rest of the executor can work with.
#include "errors.hpp"
#include "expect.hpp"
#include "plan/locate.hpp"
#include "plan/look_alike.hpp"
#include "plan/plan_file.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

using namespace pgratchet;

namespace {

/// The plan, or nothing if it was refused in the only way that is allowed.
std::optional<plan::plan> read(std::string_view text)
{
    try {
        return plan::from_json(text, "some.plan");
    } catch (configuration_error const&) {
        return std::nullopt;
    }
}

void work_with(plan::plan const& compiled)
{
    auto const last = compiled.migrations.size();
    (void)plan::look_alikes(compiled);
    for (auto const k : {std::size_t{0}, last / 2, last}) {
        auto const live = plan::snapshot_at(compiled, k);
        auto const found = plan::locate(compiled, live, {}, {});
        fuzz::expect(found.version <= last, "located beyond the plan");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const compiled = read({reinterpret_cast<char const*>(data), size});
    if (compiled) {
        auto const text = plan::to_json(*compiled);
        auto const again = read(text);
        fuzz::expect(again.has_value() && *again == *compiled, "a plan that is another one when written and read");
        fuzz::expect(plan::to_json(*again) == text, "two texts of one plan");
        work_with(*compiled);
    }
    return 0;
}
