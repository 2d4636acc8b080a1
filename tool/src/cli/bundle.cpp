// SPDX-License-Identifier: Apache-2.0
#include "commands/bundle.hpp"

#include "cli/command_line.hpp"

#include <algorithm>

namespace pgratchet::cli {

namespace {

using texts = std::vector<std::string>;

bool knows(std::string_view name)
{
    return std::ranges::any_of(commands(), [&](command const& one) { return one.name == name; });
}

/// The action and then its operands; throws usage_error if there are fewer or more.
texts operands(command_line const& line, std::size_t count, std::string const& wanted)
{
    auto words = line.list("words");
    if (words.size() != count + 1) {
        throw usage_error{"bundle: " + words.front() + " takes " + wanted, "see: pgratchet bundle --help"};
    }
    words.erase(words.begin());
    return words;
}

exit_code make(command_line const& line)
{
    commands::bundle_make_options chosen;
    chosen.folder = operands(line, 1, "one folder").front();
    chosen.plan = line.required("plan");
    chosen.name = line.required("name");
    chosen.version = line.required("project-version");
    chosen.source_revision = line.optional("source-revision");
    chosen.presets = line.path("presets");
    chosen.environment = line.required("environment");
    chosen.url_variable = line.variable("url-variable");
    chosen.target_prefix = line.optional("target-prefix").value_or("");
    chosen.has_backup = knows("backup");
    chosen.has_restore = knows("restore");
    return commands::bundle_make(chosen);
}

} // namespace

exit_code run_bundle(texts const& arguments)
{
    command_line line{"bundle", "Checks a bundle, says what a newer one brings, or completes the folder of one.",
                      "verify DIR|TGZ [--trusted-key FILE]\n"
                      "  pgratchet bundle diff OLDER NEWER\n"
                      "  pgratchet bundle make DIR --plan FILE --name NAME --project-version VERSION "
                      "--environment NAME [options]"};
    line.add()("words", "verify, diff or make, and what it works on", cxxopts::value<texts>(),
               "PATH")("plan", "make: the compiled plan of the build", cxxopts::value<std::string>(),
                       "FILE")("name", "make: the bundle's name", cxxopts::value<std::string>(), "NAME")(
        "project-version", "make: the version that the newest migration's is put behind", cxxopts::value<std::string>(),
        "VERSION")("source-revision", "make: the revision of the source, for the manifest",
                   cxxopts::value<std::string>(),
                   "REVISION")("presets", "make: the project's CMakePresets.json, whose environments are taken over",
                               cxxopts::value<std::string>(), "FILE")(
        "environment", "make: an environment that is there in any case", cxxopts::value<std::string>(),
        "NAME")("url-variable", "make: the variable of that environment", cxxopts::value<std::string>(), "VAR")(
        "target-prefix", "make: what the names of CMake's targets start with", cxxopts::value<std::string>(), "PREFIX");
    line.add_trusted_key();
    line.allow_positional("words", "say what to do with which bundle");
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    line.take_trusted_key();
    auto const words = line.list("words");
    auto const action = words.empty() ? std::string{} : words.front();
    if (action == "make") {
        return make(line);
    }
    if (action == "verify") {
        return commands::bundle_verify(operands(line, 1, "one folder or archive").front());
    }
    if (action == "diff") {
        auto const both = operands(line, 2, "two folders or archives");
        return commands::bundle_diff(both[0], both[1]);
    }
    throw usage_error{"bundle: the first argument is one of verify, diff and make", "see: pgratchet bundle --help"};
}

exit_code run_key(texts const& arguments)
{
    command_line line{
        "key", "Makes a pair of Ed25519 keys: NAME.key, which signs bundles, and NAME.pub, which checks them.", "NAME"};
    line.add()("name", "path of the files, without .key and .pub", cxxopts::value<std::string>(), "PATH");
    line.allow_positional("name", "name the files of the keys");
    return line.parse(arguments) ? exit_code::done : commands::make_key(line.required("name"));
}

exit_code run_sign(texts const& arguments)
{
    command_line line{"sign", "Signs the bundle in a folder, if it is as its manifest says.",
                      "DIR (--key FILE | --key-variable VAR)"};
    line.add()("folder", "the bundle's folder", cxxopts::value<std::string>(),
               "DIR")("key", "the file NAME.key", cxxopts::value<std::string>(),
                      "FILE")("key-variable", "environment variable that holds what stands in NAME.key",
                              cxxopts::value<std::string>(), "VAR");
    line.allow_positional("folder", "name the folder of the bundle");
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    if (line.has("key") == line.has("key-variable")) {
        throw usage_error{"sign: give one of --key and --key-variable"};
    }
    return commands::sign({line.required("folder"), line.path("key"), line.variable("key-variable")});
}

} // namespace pgratchet::cli
