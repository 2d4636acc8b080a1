// SPDX-License-Identifier: Apache-2.0
#include "bundle/contents.hpp"

#include "errors.hpp"
#include "files/files.hpp"
#include "script/checksum.hpp"

#include <set>

namespace pgratchet::bundle {

namespace {

namespace fs = std::filesystem;

std::string oddity_of(fs::file_type type)
{
    switch (type) {
    case fs::file_type::regular:
        return "";
    case fs::file_type::symlink:
        return "a symbolic link";
    default:
        return "no regular file";
    }
}

void read_into(contents& all, fs::path const& file, std::string const& path, fs::file_type type, keep what)
{
    entry one;
    one.oddity = oddity_of(type);
    std::string bytes;
    if (one.oddity.empty()) {
        bytes = files::read(file);
        one.sha256 = script::sha256(bytes);
        one.size = bytes.size();
        if (path == manifest_name) {
            all.manifest_text = std::move(bytes);
            return;
        }
        if (path == signature_name) {
            all.signature_text = std::move(bytes);
            return;
        }
    }
    if (what == keep::bytes) {
        all.bytes.emplace(path, std::move(bytes));
    }
    all.entries.emplace(path, std::move(one));
}

void read_below(contents& all, fs::path const& folder, std::string const& prefix, keep what)
{
    for (auto const& name : files::names_in(folder)) {
        auto const file = folder / name;
        auto const type = fs::symlink_status(file).type();
        if (type != fs::file_type::directory) {
            read_into(all, file, prefix + name, type, what);
        } else if (!prefix.empty() || name != build_folder) {
            read_below(all, file, prefix + name + "/", what);
        }
    }
}

} // namespace

contents read_folder(fs::path const& folder, keep what)
{
    contents all;
    try {
        read_below(all, folder, "", what);
    } catch (fs::filesystem_error const& problem) {
        throw configuration_error{"cannot read the bundle " + folder.string() + ": " + problem.code().message()};
    }
    return all;
}

std::vector<std::string> differences(manifest const& expected, contents const& found)
{
    std::vector<std::string> list;
    std::set<std::string> known;
    for (auto const& one : expected.files) {
        known.insert(one.path);
        auto const place = found.entries.find(one.path);
        if (place == found.entries.end()) {
            list.push_back(one.path + " is missing");
        } else if (!place->second.oddity.empty()) {
            list.push_back(one.path + " is " + place->second.oddity);
        } else if (place->second.sha256 != one.sha256 || place->second.size != one.size) {
            list.push_back(one.path + " was altered");
        }
    }
    for (auto const& [path, one] : found.entries) {
        if (!known.contains(path)) {
            list.push_back(printable(path) + (one.oddity.empty() ? " was added" : " was added: " + one.oddity));
        }
    }
    return list;
}

} // namespace pgratchet::bundle
