// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace pgratchet::test {

/// A new folder that anybody may enter, removed again with what is in it and what links in it lead to.
class scratch_folder {
public:
    explicit scratch_folder(mode_t mode = 0755)
    {
        std::string name{"/tmp/ratchet-test-XXXXXX"};
        if (mkdtemp(name.data()) == nullptr || chmod(name.c_str(), mode) != 0) {
            ADD_FAILURE() << "cannot make a folder";
        }
        m_path = name;
    }
    ~scratch_folder()
    {
        std::error_code error;
        for (auto const& entry : std::filesystem::recursive_directory_iterator{m_path, error}) {
            auto const target = std::filesystem::read_symlink(entry.path(), error);
            if (!error && entry.path().filename() == "data") {
                std::filesystem::remove_all(target.parent_path(), error);
            }
        }
        std::filesystem::remove_all(m_path, error);
    }
    scratch_folder(scratch_folder const&) = delete;
    scratch_folder& operator=(scratch_folder const&) = delete;

    [[nodiscard]] std::filesystem::path const& path() const noexcept { return m_path; }

private:
    std::filesystem::path m_path;
};

} // namespace pgratchet::test
