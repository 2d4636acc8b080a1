// SPDX-License-Identifier: Apache-2.0
#include "commands/frozen.hpp"

#include "errors.hpp"
#include "files/files.hpp"
#include "report/diagnosed.hpp"

namespace pgratchet::commands {

namespace fs = std::filesystem;

fs::path frozen_list_of(fs::path const& migrations)
{
    return migrations / script::frozen_list_name;
}

script::frozen_list read_frozen_list(fs::path const& migrations)
{
    auto const path = frozen_list_of(migrations);
    return fs::exists(path) ? script::read_frozen(path.string(), files::read(path)) : script::frozen_list{};
}

void demand_frozen(plan::plan const& compiled, fs::path const& migrations)
{
    auto const list = read_frozen_list(migrations);
    if (!list.diagnostics.empty()) {
        throw report::diagnosed{exit_code::state_refused, list.diagnostics.front()};
    }
    std::string missing;
    for (auto const& one : compiled.migrations) {
        bool const is_schema_dump = compiled.baseline_schema && &one == &compiled.migrations.front();
        auto const* const known = list.find(one.file);
        if (!is_schema_dump && (known == nullptr || known->sha256 != one.sha256)) {
            missing += (missing.empty() ? "" : ", ") + one.file;
        }
    }
    if (!missing.empty()) {
        throw state_refused{"not frozen: " + missing,
                            "what is given away must not change any more: build the target freeze_migrations, or "
                            "pgratchet freeze --migrations " +
                                migrations.string() + ", and commit " + std::string{script::frozen_list_name}};
    }
}

} // namespace pgratchet::commands
