// SPDX-License-Identifier: Apache-2.0
#include "commands/freeze.hpp"

#include "commands/frozen.hpp"
#include "files/files.hpp"
#include "report/print.hpp"
#include "script/checksum.hpp"
#include "script/meaning.hpp"

#include <algorithm>
#include <cstdio>
#include <list>
#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

namespace fs = std::filesystem;

constexpr auto head = "# Migrations that must not change any more, for sha256sum -c. Written by pgratchet freeze.\n";

/// The migrations of a folder with their bytes and scripts, and all that is wrong with them.
class folder {
public:
    explicit folder(freeze_options const& chosen)
    {
        auto const set = script::order(files::names_in(chosen.migrations), chosen.migrations.string(), chosen.baseline);
        take(set.diagnostics);
        if (set.migrations.empty()) {
            throw configuration_error{"there is no migration in " + chosen.migrations.string()};
        }
        for (auto const& name : set.migrations) {
            auto const path = (chosen.migrations / name.file).string();
            auto const& bytes = m_bytes.emplace_back(files::read(path));
            all.push_back({name, path, bytes});
        }
    }

    /// Reports diagnostics; warnings are left to compile.
    void take(std::vector<report::diagnostic> const& several)
    {
        for (auto const& one : several) {
            if (one.level == report::severity::error) {
                report::print(one);
                ++errors;
            }
        }
    }

    [[nodiscard]] script::frozen_file as_frozen(std::string const& file)
    {
        auto const one = std::find_if(all.begin(), all.end(), [&](auto const& each) { return each.name.file == file; });
        auto const taken = script::parse(one->path, one->bytes);
        take(taken.diagnostics);
        return {file, script::sha256(one->bytes), script::meaning_of(taken.result), 0};
    }

    std::vector<script::migration_bytes> all;
    std::size_t errors = 0;

private:
    std::list<std::string> m_bytes; ///< which `all` points into
};

/// Takes those lines anew whose files changed in comments or layout alone.
std::size_t accept_layout(script::frozen_list& list, folder& files)
{
    std::size_t count = 0;
    for (auto& one : list.files) {
        for (auto const& each : files.all) {
            if (each.name.file == one.file && script::edit_of(one, each.bytes) == script::edit::layout) {
                one = files.as_frozen(one.file);
                ++count;
            }
        }
    }
    return count;
}

} // namespace

exit_code freeze(freeze_options const& chosen)
{
    folder files{chosen};
    auto const path = frozen_list_of(chosen.migrations);
    auto list = read_frozen_list(chosen.migrations);
    files.take(list.diagnostics);
    if (files.errors > 0) {
        return exit_code::sql_failed;
    }
    auto const again = chosen.accept_layout ? accept_layout(list, files) : 0;
    auto const found = script::check_frozen(list, path.string(), files.all, chosen.baseline);
    files.take(found.diagnostics);
    auto const first_new = list.files.size();
    for (auto const& name : found.unfrozen) {
        list.files.push_back(files.as_frozen(name));
    }
    if (files.errors > 0) {
        return exit_code::sql_failed;
    }
    for (auto i = first_new; i < list.files.size(); ++i) {
        std::puts(list.files[i].file.c_str());
    }
    std::fflush(stdout);
    auto const added = list.files.size() - first_new;
    auto const at_its_end = fs::weakly_canonical(path); // of a link, which stays one
    if (again > 0) {
        files::write(at_its_end, head + script::lines_for(list.files));
    } else if (added > 0) {
        // Only at its end, so that two branches that freeze collide there.
        auto text = fs::exists(path) ? files::read(path) : std::string{head};
        text += text.ends_with('\n') ? "" : "\n";
        files::write(at_its_end, text + script::lines_for({list.files.begin() + static_cast<std::ptrdiff_t>(first_new),
                                                           list.files.end()}));
    }
    spdlog::info("{} migration{} frozen, {} of them new{}", list.files.size(), list.files.size() == 1 ? " is" : "s are",
                 added, again == 0 ? "" : ", " + std::to_string(again) + " anew");
    return exit_code::done;
}

} // namespace pgratchet::commands
