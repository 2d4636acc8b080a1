// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backup/archive.hpp"
#include "files/descriptor.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pgratchet::backup {

/// An archive that is being written: `NAME-20261123T101500Z.dump.partial`, open to its owner alone, and locked
/// (flock(2)) as long as anybody writes it. Removed when this goes, unless it was kept.
class partial {
public:
    /// Makes an empty file or folder. Waits for the next second if there is a backup of this one already.
    /// Throws backup_failed.
    partial(std::filesystem::path const& folder, std::string const& name, archive_format);
    ~partial();
    partial(partial const&) = delete;
    partial& operator=(partial const&) = delete;

    [[nodiscard]] std::filesystem::path const& path() const noexcept { return m_path; }
    /// What it will be called: "pre-004-20261123T101500Z.dump".
    [[nodiscard]] std::string final_name() const { return m_final.filename().string(); }
    /// An open file that holds the lock; a child that inherits it holds the lock too.
    [[nodiscard]] int lock() const noexcept { return m_lock ? m_lock->get() : -1; }
    [[nodiscard]] std::chrono::system_clock::time_point started() const noexcept { return m_started; }
    [[nodiscard]] std::uint64_t bytes() const;

    /// Brings it to the disk. Throws backup_failed.
    void flush() const;

    /// Gives archive and receipt their final names, the receipt last. Throws backup_failed; nothing is left then.
    std::filesystem::path keep(receipt const&);

private:
    [[nodiscard]] bool take_lock();

    std::filesystem::path m_final;
    std::filesystem::path m_path;
    std::chrono::system_clock::time_point m_started;
    std::optional<files::descriptor> m_lock;
    bool m_kept = false;
};

/// Makes the folder for backups, open to its owner alone, if it is not there. Throws backup_failed if nothing can be
/// written in it.
void demand_folder(std::filesystem::path const&);

/// Removes what runs left that were killed: archives and receipts named .partial that nobody writes. Gives the names.
std::vector<std::string> remove_leftovers(std::filesystem::path const& folder);

/// UTC, as receipts have it: "2026-11-23T10:15:00Z".
[[nodiscard]] std::string moment_text(std::chrono::system_clock::time_point);

} // namespace pgratchet::backup
