// SPDX-License-Identifier: Apache-2.0
#include "report/receipt.hpp"

#include "errors.hpp"
#include "files/files.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <pwd.h>
#include <spdlog/spdlog.h>
#include <sstream>
#include <system_error>
#include <unistd.h>

namespace pgratchet::report {

namespace {

std::string now()
{
    auto const moment = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&moment, &utc);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text.data();
}

std::string who()
{
    auto const* entry = ::getpwuid(::getuid());
    std::array<char, 256> host{};
    ::gethostname(host.data(), host.size() - 1);
    return (entry != nullptr ? std::string{entry->pw_name} : std::to_string(::getuid())) + "@" + host.data();
}

} // namespace

std::filesystem::path default_receipts_folder()
{
    if (auto const* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state != '\0') {
        return std::filesystem::path{state} / "pgratchet";
    }
    auto const* home = std::getenv("HOME");
    auto const* entry = ::getpwuid(::getuid());
    std::filesystem::path const base = home != nullptr && *home != '\0' ? home
                                       : entry != nullptr               ? entry->pw_dir
                                                                        : "/var/tmp";
    return base / ".local" / "state" / "pgratchet";
}

void demand_receipts_folder(std::filesystem::path const& folder, std::string const& environment)
{
    auto const place = folder / environment;
    std::error_code problem;
    std::filesystem::create_directories(place, problem);
    if (!problem && ::access(place.c_str(), W_OK) != 0) {
        problem.assign(errno, std::generic_category());
    }
    if (problem) {
        throw configuration_error{"receipts cannot be written in " + place.string() + ": " + problem.message(),
                                  "name a folder of your own: --receipts-dir DIR"};
    }
}

std::filesystem::path receipts_file(std::filesystem::path const& folder, std::string const& environment)
{
    return folder / environment / "receipts.jsonl";
}

void write_receipt(std::filesystem::path const& folder, std::string const& environment,
                   nlohmann::ordered_json const& what)
{
    nlohmann::ordered_json receipt{{"at", now()}, {"who", who()}, {"environment", environment}};
    receipt.update(what);
    // A path may have bytes that are no UTF-8.
    auto const line = receipt.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    try {
        files::append_line(receipts_file(folder, environment), line);
    } catch (failure const& problem) {
        spdlog::warn("warning: it is done, and its receipt could not be written: {}", problem.what());
        spdlog::warn("hint: the receipt is {}", line);
    }
}

history read_receipts(std::filesystem::path const& file, std::string const& project)
{
    history found;
    if (std::error_code problem; !std::filesystem::exists(file, problem)) {
        return found;
    }
    std::istringstream lines{files::read(file)};
    std::size_t number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        auto receipt = nlohmann::ordered_json::parse(line, nullptr, false);
        if (!receipt.is_object() || !receipt.contains("at") || !receipt["at"].is_string() || !receipt.contains("did") ||
            !receipt["did"].is_string()) {
            found.damaged.push_back(number);
        } else if (auto const of = receipt.find("project"); of == receipt.end() || *of == project) {
            found.receipts.push_back(std::move(receipt));
        }
    }
    return found;
}

} // namespace pgratchet::report
