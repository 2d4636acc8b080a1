// SPDX-License-Identifier: Apache-2.0
#include "bundle/trust.hpp"

#include "errors.hpp"
#include "files/files.hpp"
#include "script/checksum.hpp"

#include <algorithm>
#include <cstdlib>

namespace pgratchet::bundle {

namespace {

namespace fs = std::filesystem;

constexpr auto hint_again = "nothing was done; get the bundle again from where it was made";

std::optional<public_key> signer_of(contents const& of, std::vector<public_key> const& trusted, std::string const& name)
{
    if (!of.signature_text) {
        if (!trusted.empty()) {
            throw state_refused{name + " is not signed, and " + trusted_key_variable + " asks for a signature",
                                "nothing was done; get a signed bundle from where it was made"};
        }
        return std::nullopt;
    }
    auto const given = signature_from(*of.signature_text);
    if (!is_valid(given, *of.manifest_text)) {
        throw state_refused{name + " was altered: its signature is not that of its manifest", hint_again};
    }
    if (!trusted.empty() && std::find(trusted.begin(), trusted.end(), given.by) == trusted.end()) {
        throw state_refused{name + " is signed by the key " + key_id(given.by) + ", which is not trusted here",
                            std::string{"nothing was done; "} + trusted_key_variable +
                                " names the file of trusted keys"};
    }
    return given.by;
}

std::string listed(std::vector<std::string> const& differences)
{
    constexpr std::size_t most = 10;
    std::string text;
    for (std::size_t i = 0; i < std::min(differences.size(), most); ++i) {
        text += (i == 0 ? "" : ", ") + differences[i];
    }
    return differences.size() > most ? text + ", and " + std::to_string(differences.size() - most) + " more" : text;
}

} // namespace

std::vector<public_key> trusted_keys()
{
    auto const* const file = std::getenv(trusted_key_variable);
    if (file == nullptr || *file == '\0') {
        return {};
    }
    return public_keys_from(files::read(file), file);
}

examined examine(contents const& of, std::vector<public_key> const& trusted, std::string const& name)
{
    if (!of.manifest_text) {
        throw state_refused{name + " is no bundle: it has no " + std::string{manifest_name},
                            "cpack makes one from pgratchet_add_bundle()"};
    }
    // The signature first: of what nobody vouches for, nothing is read.
    auto const signer = signer_of(of, trusted, name);
    examined good{manifest_from(*of.manifest_text), signer};
    if (auto const found = differences(good.described, of); !found.empty()) {
        bool const is_all_there = std::ranges::all_of(
            found, [](std::string const& one) { return one.find(" was added") != std::string::npos; });
        throw state_refused{name + " is not as it was made: " + listed(found),
                            is_all_there
                                ? "nothing was done; remove it if you have put it there yourself, or unpack the "
                                  "bundle anew"
                                : hint_again};
    }
    return good;
}

std::optional<examined> examine_around(fs::path const& plan_file, std::string_view plan_text)
{
    auto const trusted = trusted_keys();
    auto const file = fs::weakly_canonical(fs::absolute(plan_file));
    auto const folder = file.parent_path();
    if (!fs::exists(fs::symlink_status(folder / manifest_name))) {
        if (!trusted.empty()) {
            throw state_refused{"the plan " + plan_file.string() + " is part of no bundle, and " +
                                    trusted_key_variable + " asks for a signed one",
                                "nothing was done; where plans are compiled, unset that variable"};
        }
        return std::nullopt;
    }
    auto const name = "the bundle in " + folder.string();
    auto good = examine(read_folder(folder), trusted, name);
    if (file.filename() != good.described.plan || script::sha256(plan_text) != good.described.plan_sha256) {
        throw state_refused{"the plan " + plan_file.string() + " is not that of " + name,
                            "its plan is " + good.described.plan};
    }
    return good;
}

} // namespace pgratchet::bundle
