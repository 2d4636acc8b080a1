// SPDX-License-Identifier: Apache-2.0
#include "script/migration_set.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace pgratchet::script {

namespace {

/// Versions of this many digits and more are timestamps (20240131...).
constexpr std::size_t timestamp_digits = 8;
constexpr std::size_t fewest_digits = 3;
constexpr char const* name_form = "name it NNN_description.sql, with three digits or more";

std::size_t leading_digits(std::string_view text)
{
    return std::min(text.find_first_not_of("0123456789"), text.size());
}

std::string_view without_zeros(std::string_view version)
{
    std::size_t const first = version.find_first_not_of('0');
    return first == std::string_view::npos ? std::string_view{} : version.substr(first);
}

std::string padded(std::string_view version, std::size_t width)
{
    std::string const digits{without_zeros(version)};
    return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

/// The next or the last number, in at least as many digits.
std::string successor(std::string version)
{
    for (auto digit = version.rbegin(); digit != version.rend(); ++digit) {
        if (*digit != '9') {
            ++*digit;
            return version;
        }
        *digit = '0';
    }
    return "1" + version;
}

std::string predecessor(std::string version)
{
    for (auto digit = version.rbegin(); digit != version.rend(); ++digit) {
        if (*digit != '0') {
            --*digit;
            return version;
        }
        *digit = '9';
    }
    return version;
}

bool ends_like_sql(std::string_view name)
{
    if (name.size() < 4) {
        return false;
    }
    std::string ending{name.substr(name.size() - 4)};
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return ending == ".sql";
}

bool usable_in_file_name(char c)
{
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F && c != '/' && c != '\\' && c != ';';
}

class set_check {
public:
    set_check(migration_set& set, std::string_view folder, std::optional<std::string> const& baseline)
        : m_set{set}, m_folder{folder}, m_baseline{baseline}
    {
    }

    void check_name(std::string const& name);
    void check_widths();
    void check_numbers();

private:
    void report(report::severity level, std::string const& file, std::string rule, std::string message,
                std::string hint);
    void check_first(migration_name const& first);
    void check_gap(std::string const& last, migration_name const& next);

    migration_set& m_set;
    std::string_view m_folder;
    std::optional<std::string> const& m_baseline;
};

void set_check::report(report::severity level, std::string const& file, std::string rule, std::string message,
                       std::string hint)
{
    std::string path{m_folder};
    path += path.empty() || path.back() == '/' ? file : "/" + file;
    m_set.diagnostics.push_back(
        {level, {std::move(path), 0, 0}, std::move(message), std::move(rule), {}, std::move(hint)});
}

/// A file that is no migration although it may have been meant as one. Hidden files (an editor's) are passed over.
void set_check::check_name(std::string const& name)
{
    if (!ends_like_sql(name) || name.starts_with('.')) {
        return;
    }
    std::size_t const digits = leading_digits(name);
    if (digits == 0) {
        report(report::severity::warning, name, "not-a-migration", "an SQL file that is no migration is passed over",
               std::string{name_form} + ", or move it out of the folder");
        return;
    }
    std::string const stem = name.substr(0, name.size() - 4);
    std::string const rest = stem.substr(std::min(stem.find_first_not_of("_-. ", digits), stem.size()));
    std::string const wanted = padded(name.substr(0, digits), std::max(digits, fewest_digits)) + "_" +
                               (rest.empty() ? "description" : rest) + ".sql";
    report(report::severity::error, name, "migration-name", "the name of a migration has the form NNN_description.sql",
           parse_name(wanted) ? "rename it to " + wanted : name_form);
}

void set_check::check_widths()
{
    std::map<std::size_t, std::size_t> count;
    for (migration_name const& m : m_set.migrations) {
        ++count[m.version.size()];
    }
    if (count.size() < 2) {
        return;
    }
    auto const common =
        std::max_element(count.begin(), count.end(), [](auto const& a, auto const& b) { return a.second < b.second; });
    for (migration_name const& m : m_set.migrations) {
        if (m.version.size() == common->first) {
            continue;
        }
        std::string const renamed = padded(m.version, common->first);
        report(report::severity::error, m.file, "mixed-width",
               "version " + m.version + " has " + std::to_string(m.version.size()) + " digits, others have " +
                   std::to_string(common->first),
               renamed.size() == common->first
                   ? "rename it to " + renamed + "_" + m.description + ".sql"
                   : "rename the others so that all have " + std::to_string(m.version.size()) + " digits");
    }
}

void set_check::check_first(migration_name const& first)
{
    if (without_zeros(first.version).empty()) {
        report(report::severity::error, first.file, "version-zero", "versions start with 1",
               "rename it, or renumber the migrations from " + padded("1", first.version.size()));
        return;
    }
    // What stands at or below the baseline is taken as given, so the files may have been thrown away.
    bool const after_baseline = m_baseline && compare_versions(first.version, successor(*m_baseline)) <= 0;
    if (first.version.size() < timestamp_digits && !after_baseline) {
        std::string const before = padded(m_baseline ? *m_baseline : "0", first.version.size());
        check_gap(before, first);
    }
}

void set_check::check_gap(std::string const& last, migration_name const& next)
{
    std::size_t const width = next.version.size();
    std::string const from = padded(successor(last), width);
    if (width >= timestamp_digits || compare_versions(from, next.version) >= 0) {
        return;
    }
    std::string const to = predecessor(next.version);
    bool const one = compare_versions(from, to) == 0;
    report(report::severity::error, next.file, "skipped-version",
           one ? "version " + from + " is missing" : "versions " + from + " to " + to + " are missing",
           "add the missing file, or rename this one to " + from + "_" + next.description + ".sql" +
               (&next == &m_set.migrations.front() && !m_baseline
                    ? "; if the history up to " + to + " is given, say so: BASELINE " + to + ", or --baseline " + to
                    : ""));
}

void set_check::check_numbers()
{
    auto const& all = m_set.migrations;
    if (all.empty()) {
        return;
    }
    check_first(all.front());
    std::string const free = successor(all.back().version);
    for (std::size_t i = 1; i < all.size(); ++i) {
        if (compare_versions(all[i - 1].version, all[i].version) == 0) {
            report(report::severity::error, all[i].file, "duplicate-version",
                   "version " + all[i].version + " is taken by " + all[i - 1].file + " too",
                   "rename one of them; the next free version is " + free);
        } else {
            check_gap(all[i - 1].version, all[i]);
        }
    }
}

} // namespace

std::optional<migration_name> parse_name(std::string_view file_name)
{
    std::size_t const digits = leading_digits(file_name);
    constexpr std::string_view ending = ".sql";
    if (digits < fewest_digits || !file_name.ends_with(ending) || file_name.size() < digits + 2 + ending.size() ||
        file_name[digits] != '_' || !std::all_of(file_name.begin(), file_name.end(), usable_in_file_name)) {
        return std::nullopt;
    }
    std::string_view const description = file_name.substr(digits + 1, file_name.size() - digits - 1 - ending.size());
    return migration_name{std::string{file_name.substr(0, digits)}, std::string{description}, std::string{file_name}};
}

migration_set order(std::vector<std::string> const& file_names, std::string_view folder,
                    std::optional<std::string> const& baseline)
{
    migration_set set;
    std::vector<std::string> sorted = file_names;
    std::sort(sorted.begin(), sorted.end()); // a folder is listed in any order; messages are not
    set_check check{set, folder, baseline};
    for (std::string const& name : sorted) {
        if (auto migration = parse_name(name)) {
            set.migrations.push_back(std::move(*migration));
        } else {
            check.check_name(name);
        }
    }
    std::stable_sort(
        set.migrations.begin(), set.migrations.end(),
        [](migration_name const& a, migration_name const& b) { return compare_versions(a.version, b.version) < 0; });
    check.check_widths();
    check.check_numbers();
    return set;
}

std::string version_after(std::string_view version)
{
    return successor(std::string{version});
}

std::string next_version(std::vector<migration_name> const& migrations, std::string_view now)
{
    if (migrations.empty()) {
        return padded("1", fewest_digits);
    }
    auto const& newest = migrations.back().version;
    if (newest.size() >= timestamp_digits) {
        std::string time{now};
        time.resize(newest.size(), '0');
        if (compare_versions(time, newest) > 0) {
            return time;
        }
    }
    return version_after(newest);
}

int compare_versions(std::string_view a, std::string_view b)
{
    std::string_view const left = without_zeros(a);
    std::string_view const right = without_zeros(b);
    if (left.size() != right.size()) {
        return left.size() < right.size() ? -1 : 1;
    }
    int const order = left.compare(right);
    return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

} // namespace pgratchet::script
