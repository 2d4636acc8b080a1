// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/diagnostic.hpp"
#include "script/migration_set.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::script {

/// The name of the list of frozen files, in the folder of the migrations.
inline constexpr std::string_view frozen_list_name = "SHA256SUMS";

/// A migration that must not change any more.
struct frozen_file {
    std::string file;
    std::string sha256;  ///< of its bytes, in lower case
    std::string meaning; ///< see meaning_of(); empty if the list does not have it
    std::size_t line = 0;

    friend bool operator==(frozen_file const&, frozen_file const&) = default;
};

/// The list of frozen files and what is wrong with it: lines that are none of `sha256sum`'s, names that are no
/// migration's, a file twice, versions that do not go up, the marks of a merge that was not finished.
struct frozen_list {
    std::vector<frozen_file> files;
    std::vector<report::diagnostic> diagnostics;

    [[nodiscard]] frozen_file const* find(std::string_view file) const;
};

/// Reads the list, in the form that `sha256sum` writes and `sha256sum -c` reads. Comment lines, which it passes over,
/// hold the meaning of the file whose line follows: `# meaning pg15:...`.
[[nodiscard]] frozen_list read_frozen(std::string path, std::string_view text);

/// The lines for files that are to be added to a list.
[[nodiscard]] std::string lines_for(std::vector<frozen_file> const&);

/// How a file that is frozen changed.
enum class edit {
    none,
    line_ends, ///< CRLF in place of LF or the other way round, and nothing else
    layout,    ///< comments, blanks, line breaks: the meaning is the same
    meaning,   ///< or it cannot be told
};

/// Compares the bytes of a file with what was frozen.
[[nodiscard]] edit edit_of(frozen_file const&, std::string_view bytes);

/// What is wrong with a folder as far as its frozen files go, and which are frozen as they are.
struct frozen_check {
    std::vector<report::diagnostic> diagnostics; ///< errors
    std::vector<std::string> unchanged;          ///< names
    std::vector<std::string> unfrozen;           ///< names, in order of their versions
};

/// A migration and its bytes.
struct migration_bytes {
    migration_name name;
    std::string path; ///< as messages show it
    std::string_view bytes;
};

/// Checks the migrations of a folder, in order, against the list: none edited or missing, and none with a version below
/// the newest frozen one. Up to `gone_up_to`, files may be missing (a schema dump stands for them).
[[nodiscard]] frozen_check check_frozen(frozen_list const&, std::string const& list_path,
                                        std::vector<migration_bytes> const&,
                                        std::optional<std::string> const& gone_up_to);

} // namespace pgratchet::script
