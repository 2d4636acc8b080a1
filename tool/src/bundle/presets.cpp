// SPDX-License-Identifier: Apache-2.0
#include "bundle/presets.hpp"

#include "errors.hpp"
#include "files/files.hpp"

#include <cctype>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

namespace pgratchet::bundle {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using nlohmann::ordered_json;

/// Of a build, not of an environment.
bool is_for_builders(std::string const& variable)
{
    static std::set<std::string> const those{"PGRATCHET_DEVELOPER_MODE", "PGRATCHET_SANITIZE", "PGRATCHET_INSTALL",
                                             "PGRATCHET_PORTABLE", "PGRATCHET_SHADOW_URL_VARIABLE"};
    return those.contains(variable);
}

class reader {
public:
    void read(fs::path const& file)
    {
        if (!m_read.insert(fs::weakly_canonical(file).string()).second) {
            return;
        }
        auto const in = json::parse(files::read(file));
        auto const included = in.value("include", json::array());
        for (auto const& one : included) {
            read(file.parent_path() / one.get<std::string>());
        }
        auto const presets = in.value("configurePresets", json::array());
        for (auto const& one : presets) {
            m_order.push_back(one.at("name").get<std::string>());
            m_presets[m_order.back()] = one;
        }
    }

    [[nodiscard]] std::vector<environment_preset> environments(std::string const& target_prefix) const
    {
        std::vector<environment_preset> found;
        for (auto const& name : m_order) {
            auto const& preset = m_presets.at(name);
            if (preset.value("hidden", false)) {
                continue;
            }
            environment_preset one{name, preset.value("displayName", name), {}};
            settings all;
            collect(name, all, 0);
            for (auto& [variable, value] : all) {
                if (value) {
                    replace_name(*value, name);
                    one.variables.emplace(variable, std::move(*value));
                }
            }
            auto const seen = with_own_settings(one, target_prefix).variables;
            if (auto const url = seen.find("PGRATCHET_URL_VARIABLE"); url != seen.end() && !url->second.empty()) {
                found.push_back(std::move(one));
            }
        }
        return found;
    }

private:
    /// By variable; nothing where a preset says null, which hides what it inherits.
    using settings = std::map<std::string, std::optional<std::string>>;

    /// What a preset itself sets wins over what it inherits, and the first of several parents over the next.
    void collect(std::string const& name, settings& variables, int depth) const
    {
        constexpr int deepest = 100; // CMake refuses circles; this only ends
        auto const place = m_presets.find(name);
        if (place == m_presets.end() || depth > deepest) {
            return;
        }
        auto const set_here = place->second.value("cacheVariables", json::object());
        for (auto const& [variable, value] : set_here.items()) {
            if (!variable.starts_with("PGRATCHET_") || is_for_builders(variable)) {
                continue;
            }
            auto const& plain = value.is_object() ? value.at("value") : value;
            if (plain.is_null()) {
                variables.emplace(variable, std::nullopt);
            } else if (plain.is_string()) {
                variables.emplace(variable, plain.get<std::string>());
            } else if (plain.is_boolean()) {
                variables.emplace(variable, plain.get<bool>() ? "TRUE" : "FALSE");
            }
        }
        if (auto const parents = place->second.find("inherits"); parents != place->second.end()) {
            auto const list = parents->is_array() ? *parents : json::array({*parents});
            for (auto const& parent : list) {
                collect(parent.get<std::string>(), variables, depth + 1);
            }
        }
    }

    static void replace_name(std::string& value, std::string const& name)
    {
        constexpr std::string_view macro = "${presetName}";
        for (auto at = value.find(macro); at != std::string::npos; at = value.find(macro, at + name.size())) {
            value.replace(at, macro.size(), name);
        }
    }

    std::set<std::string> m_read;
    std::vector<std::string> m_order;
    std::map<std::string, json> m_presets;
};

} // namespace

environment_preset with_own_settings(environment_preset of, std::string const& target_prefix)
{
    if (target_prefix.empty()) {
        return of;
    }
    std::string start{"PGRATCHET_"};
    for (char const c : target_prefix) {
        auto const byte = static_cast<unsigned char>(c);
        start += std::isalnum(byte) != 0 ? static_cast<char>(std::toupper(byte)) : '_';
    }
    auto const own = [&](std::string const& name) {
        auto const found = of.variables.find(start + name);
        return found == of.variables.end() ? std::string{} : found->second;
    };
    if (!own("URL_VARIABLE").empty()) {
        of.variables.erase("PGRATCHET_EXPECT_DATABASE"); // it is the name of another database
    }
    for (auto const* name : {"URL_VARIABLE", "EXPECT_DATABASE", "EXPECT_SYSTEM_IDENTIFIER", "BACKUP_DIR"}) {
        if (auto const value = own(name); !value.empty()) {
            of.variables[std::string{"PGRATCHET_"} + name] = value;
        }
    }
    return of;
}

std::vector<environment_preset> environments_of(fs::path const& presets_file, std::string const& target_prefix)
{
    try {
        reader all;
        all.read(presets_file);
        return all.environments(target_prefix);
    } catch (json::exception const& problem) {
        throw configuration_error{"cannot read the presets of " + presets_file.string() + ": " + problem.what()};
    }
}

std::string presets_for(std::vector<environment_preset> const& environments)
{
    ordered_json out{{"version", 6}, {"cmakeMinimumRequired", {{"major", 3}, {"minor", 25}, {"patch", 0}}}};
    for (auto const* kind : {"configurePresets", "buildPresets", "testPresets"}) {
        out[kind] = ordered_json::array();
    }
    for (auto const& one : environments) {
        ordered_json configure{{"name", one.name},
                               {"displayName", one.display_name},
                               {"binaryDir", "${sourceDir}/build/" + one.name},
                               {"cacheVariables", ordered_json::object()}};
        for (auto const& [variable, value] : one.variables) {
            configure["cacheVariables"][variable] = value;
        }
        out["configurePresets"].push_back(std::move(configure));
        out["buildPresets"].push_back({{"name", one.name}, {"configurePreset", one.name}});
        out["testPresets"].push_back({{"name", one.name},
                                      {"configurePreset", one.name},
                                      {"output", {{"outputOnFailure", true}}},
                                      {"execution", {{"noTestsAction", "error"}}}});
    }
    return out.dump(2) + "\n";
}

} // namespace pgratchet::bundle
