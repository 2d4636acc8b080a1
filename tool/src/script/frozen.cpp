// SPDX-License-Identifier: Apache-2.0
#include "script/frozen.hpp"

#include "script/checksum.hpp"
#include "script/meaning.hpp"
#include "script/spelling.hpp"

#include <algorithm>

namespace pgratchet::script {

namespace {

constexpr std::string_view meaning_mark = "# meaning ";
constexpr std::size_t digits_of_sum = 64;

bool is_sum(std::string_view text)
{
    return text.size() == digits_of_sum && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_mark_of_a_merge(std::string_view line)
{
    return line.starts_with("<<<<<<<") || line.starts_with("=======") || line.starts_with(">>>>>>>") ||
           line.starts_with("|||||||");
}

class list_reader {
public:
    explicit list_reader(std::string path) : m_path{std::move(path)} {}

    void take(std::string_view line, std::size_t number);
    [[nodiscard]] frozen_list result() { return std::move(m_list); }

private:
    void refuse(std::size_t line, std::string rule, std::string message, std::string hint);
    void take_file(std::string_view line, std::size_t number);

    std::string m_path;
    frozen_list m_list;
    std::string m_meaning; ///< of the next file
};

void list_reader::refuse(std::size_t line, std::string rule, std::string message, std::string hint)
{
    m_list.diagnostics.push_back(
        {report::severity::error, {m_path, line, 1}, std::move(message), std::move(rule), {}, std::move(hint)});
}

void list_reader::take(std::string_view line, std::size_t number)
{
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    if (line.starts_with(meaning_mark)) {
        m_meaning = line.substr(meaning_mark.size());
    } else if (is_mark_of_a_merge(line)) {
        refuse(number, "unmerged-frozen-list", "two branches froze migrations, and their merge is not finished",
               "give the file that came second the next free number, take the lines of the other branch, and freeze "
               "again");
    } else if (!line.empty() && line.front() != '#') {
        take_file(line, number);
        m_meaning.clear();
    }
}

void list_reader::take_file(std::string_view line, std::size_t number)
{
    // "SUM  NAME", or with an asterisk for binary mode, which is the same on Unix.
    auto const sum = in_lower_case(line.substr(0, digits_of_sum));
    auto const rest = line.substr(std::min(digits_of_sum, line.size()));
    auto const name =
        rest.starts_with("  ") || rest.starts_with(" *") ? parse_name(rest.substr(2)) : std::optional<migration_name>{};
    if (!is_sum(sum) || !name) {
        refuse(number, "frozen-list-line", "this is no line of sha256sum about a migration",
               "take the line back to what was committed; pgratchet freeze writes them");
        return;
    }
    if (!m_list.files.empty()) {
        auto const& last = m_list.files.back();
        auto const order = compare_versions(parse_name(last.file)->version, name->version);
        if (order >= 0) {
            refuse(number, "frozen-list-order",
                   name->file + " stands behind " + last.file + (order == 0 ? ", which has the same number" : ""),
                   "each version is frozen once, in the order of the numbers");
            return;
        }
    }
    m_list.files.push_back({name->file, sum, m_meaning, number});
}

std::string with_line_feeds(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') {
            out += text[i];
        }
    }
    return out;
}

std::string with_carriage_returns(std::string const& text)
{
    std::string out;
    for (char const c : text) {
        out += c == '\n' ? "\r\n" : std::string(1, c);
    }
    return out;
}

class folder_check {
public:
    folder_check(frozen_list const& list, std::string const& list_path, std::vector<migration_bytes> const& files)
        : m_list{list}, m_list_path{list_path}, m_files{files}
    {
    }

    [[nodiscard]] frozen_check run(std::optional<std::string> const& gone_up_to);

private:
    void check_missing(std::optional<std::string> const& gone_up_to);
    void check(migration_bytes const&);
    [[nodiscard]] std::string next_number() const;
    void refuse(report::location where, std::string rule, std::string message, std::vector<std::string> details,
                std::string hint);

    frozen_list const& m_list;
    std::string const& m_list_path;
    std::vector<migration_bytes> const& m_files;
    frozen_check m_found;
};

void folder_check::refuse(report::location where, std::string rule, std::string message,
                          std::vector<std::string> details, std::string hint)
{
    m_found.diagnostics.push_back({report::severity::error, std::move(where), std::move(message), std::move(rule),
                                   std::move(details), std::move(hint)});
}

/// The number that a new file would have.
std::string folder_check::next_number() const
{
    std::string newest = m_list.files.empty() ? "0" : parse_name(m_list.files.back().file)->version;
    for (auto const& one : m_files) {
        if (compare_versions(one.name.version, newest) > 0) {
            newest = one.name.version;
        }
    }
    return version_after(newest);
}

void folder_check::check_missing(std::optional<std::string> const& gone_up_to)
{
    for (auto const& one : m_list.files) {
        auto const version = parse_name(one.file)->version;
        bool const is_there = std::any_of(m_files.begin(), m_files.end(),
                                          [&](migration_bytes const& each) { return each.name.file == one.file; });
        if (is_there || (gone_up_to && compare_versions(version, *gone_up_to) <= 0)) {
            continue;
        }
        auto const other = std::find_if(m_files.begin(), m_files.end(), [&](migration_bytes const& each) {
            return compare_versions(each.name.version, version) == 0;
        });
        refuse({m_list_path, one.line, 1}, "frozen-missing",
               one.file + " is frozen and is not there" +
                   (other == m_files.end() ? "" : "; " + other->name.file + " has its number"),
               {"it may have been applied somewhere"},
               "take it back from version control" +
                   (other == m_files.end() ? ""
                                           : ", and give " + other->name.file + " the next number, " + next_number()));
    }
}

void folder_check::check(migration_bytes const& one)
{
    auto const* const known = m_list.find(one.name.file);
    if (known == nullptr) {
        m_found.unfrozen.push_back(one.name.file);
        auto const version = m_list.files.empty() ? "0" : parse_name(m_list.files.back().file)->version;
        if (!m_list.files.empty() && compare_versions(one.name.version, version) < 0) {
            refuse({one.path, 1, 1}, "below-frozen",
                   "version " + one.name.version + " is below the newest frozen one, " + version,
                   {"a database that is at " + version + " would never get it"},
                   "give it a number above " + version + ": " + next_number() + " is free");
        }
        return;
    }
    auto const place = m_list_path + ":" + std::to_string(known->line);
    switch (edit_of(*known, one.bytes)) {
    case edit::none:
        m_found.unchanged.push_back(one.name.file);
        return;
    case edit::line_ends:
        refuse({one.path, 1, 1}, "frozen-edited", "a frozen migration has other line ends than when it was frozen",
               {"frozen by " + place, "nothing else was changed"},
               "take it back from version control, and write `*.sql -text` or `*.sql text eol=lf` into .gitattributes");
        return;
    case edit::layout:
        refuse({one.path, 1, 1}, "frozen-edited",
               "a frozen migration was edited: comments or layout alone, what it does is the same",
               {"frozen by " + place},
               "take it back from version control; or, if the new comment is worth it, freeze it again: pgratchet "
               "freeze --migrations DIR --accept-layout");
        return;
    case edit::meaning:
        refuse({one.path, 1, 1}, "frozen-edited",
               known->meaning.empty() ? "a frozen migration was edited" : "a frozen migration was edited: what it does",
               {"frozen by " + place, "databases that have it would never get the change"},
               "take it back from version control, and write the change into the next number, " + next_number());
        return;
    }
}

frozen_check folder_check::run(std::optional<std::string> const& gone_up_to)
{
    check_missing(gone_up_to);
    for (auto const& one : m_files) {
        check(one);
    }
    return std::move(m_found);
}

} // namespace

frozen_file const* frozen_list::find(std::string_view file) const
{
    auto const place =
        std::find_if(files.begin(), files.end(), [&](frozen_file const& one) { return one.file == file; });
    return place == files.end() ? nullptr : &*place;
}

frozen_list read_frozen(std::string path, std::string_view text)
{
    list_reader reader{std::move(path)};
    std::size_t number = 0;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        reader.take(text.substr(0, end), ++number);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return reader.result();
}

std::string lines_for(std::vector<frozen_file> const& files)
{
    std::string lines;
    for (auto const& one : files) {
        if (!one.meaning.empty()) {
            lines.append(meaning_mark).append(one.meaning).append("\n");
        }
        lines += one.sha256 + "  " + one.file + "\n";
    }
    return lines;
}

edit edit_of(frozen_file const& frozen, std::string_view bytes)
{
    if (sha256(bytes) == frozen.sha256) {
        return edit::none;
    }
    auto const unix_text = with_line_feeds(bytes);
    if (sha256(unix_text) == frozen.sha256 || sha256(with_carriage_returns(unix_text)) == frozen.sha256) {
        return edit::line_ends;
    }
    auto const taken = parse(frozen.file, bytes);
    bool const is_sound = taken.diagnostics.empty();
    return is_sound && meaning_of(taken.result) == frozen.meaning ? edit::layout : edit::meaning;
}

frozen_check check_frozen(frozen_list const& list, std::string const& list_path,
                          std::vector<migration_bytes> const& files, std::optional<std::string> const& gone_up_to)
{
    return folder_check{list, list_path, files}.run(gone_up_to);
}

} // namespace pgratchet::script
