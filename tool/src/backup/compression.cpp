// SPDX-License-Identifier: Apache-2.0
#include "backup/compression.hpp"

#include "database/child_process.hpp"
#include "errors.hpp"

#include <charconv>
#include <string_view>

namespace pgratchet::backup {

namespace {

/// The first major version of pg_dump with a choice of methods.
constexpr int first_with_methods = 16;

struct method {
    std::string_view name;
    int highest_level;
};

// zstd and lz4 have negative levels too; what is faster than level 1 is no gain in a dump.
constexpr method methods[] = {{"gzip", 9}, {"lz4", 12}, {"zstd", 22}};

/// Asks pg_dump itself. It refuses a method that it was built without before it looks for the server, and there is no
/// server at that place.
bool was_built_with(dump_programs const& programs, std::string const& name)
{
    auto const answer = database::run({{programs.pg_dump.string(), "--format=custom", "--compress=" + name + ":1"},
                                       {{"LC_ALL", "C"}, {"PGHOST", "/nonexistent"}, {"PGPORT", "1"}},
                                       {"PGSERVICE", "PGHOSTADDR"},
                                       {},
                                       {},
                                       {}});
    return answer.output.find("compress") == std::string::npos;
}

bool has(dump_programs const& programs, std::string const& name)
{
    return name == "gzip" || name == "none" || (programs.major >= first_with_methods && was_built_with(programs, name));
}

} // namespace

std::string compression::text() const
{
    return method == "none" ? method : method + ":" + std::to_string(level);
}

compression parse_compression(std::string const& text)
{
    auto const wrong = usage_error{"the compression '" + text + "' is not known",
                                   "write none, gzip:1 to gzip:9, lz4:1 to lz4:12, or zstd:1 to zstd:22"};
    if (text == "none") {
        return {"none", 0};
    }
    auto const colon = text.find(':');
    auto const name = text.substr(0, colon);
    auto level = 1;
    if (colon != std::string::npos) {
        auto const* const end = text.data() + text.size();
        auto const [stopped, problem] = std::from_chars(text.data() + colon + 1, end, level);
        if (problem != std::errc{} || stopped != end) {
            throw wrong;
        }
    }
    for (auto const& known : methods) {
        if (known.name == name && level >= 1 && level <= known.highest_level) {
            return {name, level};
        }
    }
    throw wrong;
}

std::string compress_argument(compression const& wanted, dump_programs const& programs)
{
    if (!has(programs, wanted.method)) {
        throw configuration_error{
            "pg_dump " + programs.version + " cannot compress with " + wanted.method,
            programs.major < first_with_methods
                ? "that came with pg_dump 16: install the package postgresql-client-16 or a newer "
                  "one, or take gzip:1"
                : "it was built without that: take gzip:1"};
    }
    if (programs.major < first_with_methods) {
        return "--compress=" + std::to_string(wanted.level);
    }
    return "--compress=" + wanted.text();
}

compression choose_compression(std::optional<std::string> const& wanted, dump_programs const& programs)
{
    if (wanted) {
        return parse_compression(*wanted);
    }
    for (auto const* const name : {"zstd", "lz4"}) {
        if (has(programs, name)) {
            return {name, 1};
        }
    }
    return {"gzip", 1};
}

} // namespace pgratchet::backup
