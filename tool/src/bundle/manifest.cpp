// SPDX-License-Identifier: Apache-2.0
#include "bundle/manifest.hpp"

#include "errors.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace pgratchet::bundle {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr auto format_name = "pgratchet bundle";

bool is_sha256(std::string const& text)
{
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

state_refused damaged(std::string const& why)
{
    return state_refused{"the bundle's manifest is damaged: " + why, "get the bundle again from where it was made"};
}

manifest read_manifest(json const& in)
{
    manifest out;
    out.name = in.at("name").get<std::string>();
    out.version = in.at("version").get<std::string>();
    out.pgratchet = in.at("pgratchet").get<std::string>();
    if (!in.at("source_revision").is_null()) {
        out.source_revision = in.at("source_revision").get<std::string>();
    }
    out.plan = in.at("plan").at("path").get<std::string>();
    out.plan_sha256 = in.at("plan").at("sha256").get<std::string>();
    for (auto const& one : in.at("schema").at("states")) {
        out.states.push_back({one.at("version").get<std::string>(), one.at("fingerprint").get<std::string>()});
    }
    for (auto const& one : in.at("files")) {
        out.files.push_back({one.at("path").get<std::string>(), one.at("sha256").get<std::string>(),
                             one.at("size").get<std::uint64_t>()});
    }
    return out;
}

void check(manifest const& read)
{
    std::set<std::string> paths;
    for (auto const& one : read.files) {
        if (!is_inner_path(one.path) || !is_sha256(one.sha256)) {
            throw damaged("'" + printable(one.path) + "' is no entry of a bundle");
        }
        if (one.path == manifest_name || one.path == signature_name || !paths.insert(one.path).second) {
            throw damaged("'" + printable(one.path) + "' cannot stand in it, or not twice");
        }
    }
    auto const plan = std::find_if(read.files.begin(), read.files.end(),
                                   [&](listed_file const& one) { return one.path == read.plan; });
    if (plan == read.files.end() || plan->sha256 != read.plan_sha256) {
        throw damaged("its plan is not one of its files");
    }
    if (read.states.empty()) {
        throw damaged("it names no state of the schema");
    }
}

} // namespace

std::string to_json(manifest const& of)
{
    ordered_json out{{"format", format_name},
                     {"format_version", manifest_format_version},
                     {"name", of.name},
                     {"version", of.version},
                     {"pgratchet", of.pgratchet},
                     {"source_revision", of.source_revision ? ordered_json(*of.source_revision) : ordered_json()},
                     {"plan", {{"path", of.plan}, {"sha256", of.plan_sha256}}}};
    auto const state = [](schema_state const& one) {
        return ordered_json{{"version", one.version}, {"fingerprint", one.fingerprint}};
    };
    auto& schema = out["schema"];
    schema["before"] = state(of.states.front());
    schema["after"] = state(of.states.back());
    schema["states"] = ordered_json::array();
    for (auto const& one : of.states) {
        schema["states"].push_back(state(one));
    }
    out["files"] = ordered_json::array();
    for (auto const& one : of.files) {
        out["files"].push_back({{"path", one.path}, {"sha256", one.sha256}, {"size", one.size}});
    }
    return out.dump(1) + "\n";
}

manifest manifest_from(std::string_view text)
{
    try {
        auto const in = json::parse(text);
        if (!in.is_object() || in.value("format", "") != format_name) {
            throw damaged("it does not say \"format\": \"" + std::string{format_name} + "\"");
        }
        if (in.at("format_version") != manifest_format_version) {
            throw state_refused{"the bundle's manifest has a format that this executor does not know",
                                "use the bundle's own: bin/pgratchet"};
        }
        auto read = read_manifest(in);
        check(read);
        return read;
    } catch (json::exception const& problem) {
        throw damaged(printable(problem.what()));
    }
}

bool is_inner_path(std::string_view path)
{
    if (path.empty() || printable(path) != path) {
        return false;
    }
    for (;;) {
        auto const end = std::min(path.find('/'), path.size());
        auto const part = path.substr(0, end);
        if (part.empty() || part == "." || part == "..") {
            return false;
        }
        if (end == path.size()) {
            return true;
        }
        path.remove_prefix(end + 1);
    }
}

std::string printable(std::string_view text)
{
    std::string out{text};
    std::replace_if(
        out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
    return out;
}

} // namespace pgratchet::bundle
