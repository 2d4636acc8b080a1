// SPDX-License-Identifier: Apache-2.0
#include "commands/diff.hpp"

#include "commands/located.hpp"
#include "commands/plan_source.hpp"
#include "plan/comparison.hpp"
#include "plan/timeline.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace pgratchet::commands {

namespace {

using nlohmann::ordered_json;
using plan::change_kind;

std::size_t version_named(plan::plan const& of, std::string const& name)
{
    if (name == plan::version_name(of, 0)) {
        return 0;
    }
    auto const k = plan::index_of(of, name);
    if (!k) {
        throw usage_error{"the plan has no version " + name,
                          "its newest is " + plan::version_name(of, of.migrations.size()) +
                              ", and before the first is " + plan::version_name(of, 0)};
    }
    return *k;
}

/// Only what some version of the plan knows.
catalog::snapshot managed(catalog::snapshot live, plan::plan const& of)
{
    auto const known = plan::histories_of(of);
    std::erase_if(live, [&](auto const& one) { return !known.contains(one.first); });
    return live;
}

char const* name_of(change_kind what)
{
    return what == change_kind::added ? "added" : what == change_kind::dropped ? "dropped" : "changed";
}

ordered_json as_json(std::vector<plan::object_change> const& all)
{
    auto const text = [](std::optional<std::string> const& value) {
        return value ? ordered_json(*value) : ordered_json(nullptr);
    };
    auto list = ordered_json::array();
    for (auto const& one : all) {
        auto attributes = ordered_json::array();
        for (auto const& each : one.attributes) {
            attributes.push_back(
                {{"attribute", each.name}, {"before", text(each.before)}, {"after", text(each.after)}});
        }
        list.push_back({{"change", name_of(one.what)},
                        {"kind", one.id.kind},
                        {"identity", one.id.identity},
                        {"attributes", std::move(attributes)}});
    }
    return list;
}

void print(diff_options const& chosen, std::string const& from, std::string const& to,
           std::vector<plan::object_change> const& all)
{
    if (chosen.json) {
        ordered_json document{{"from", from}, {"to", to}, {"changes", as_json(all)}};
        std::puts(document.dump(2).c_str());
        return;
    }
    auto const count = [&](change_kind what) {
        return std::to_string(std::count_if(all.begin(), all.end(), [&](auto const& one) { return one.what == what; }));
    };
    auto const sums = all.empty() ? std::string{"no difference"}
                                  : count(change_kind::added) + " added, " + count(change_kind::changed) +
                                        " changed, " + count(change_kind::dropped) + " dropped";
    std::printf("%s -> %s: %s\n", from.c_str(), to.c_str(), sums.c_str());
    std::fputs(plan::in_words(all).c_str(), stdout);
}

} // namespace

exit_code diff(diff_options const& chosen)
{
    auto const source = load_plan(chosen.plan);
    auto const& compiled = source.compiled;
    auto const to = chosen.to ? version_named(compiled, *chosen.to) : compiled.migrations.size();
    if (!chosen.connection) {
        auto const from = chosen.from ? version_named(compiled, *chosen.from) : std::max<std::size_t>(to, 1) - 1;
        print(chosen, plan::version_name(compiled, from), plan::version_name(compiled, to),
              plan::compare(plan::snapshot_at(compiled, from), plan::snapshot_at(compiled, to)));
        return exit_code::done;
    }
    environment const where{*chosen.connection, compiled.roles};
    auto const session = where.connect("pgratchet diff");
    auto const seen = seen_by(*session, compiled);
    auto const at = locate_environment(*session, seen, {}, std::nullopt);
    print(chosen, where.name(), plan::version_name(seen, to),
          plan::compare(managed(at.live, seen), plan::snapshot_at(seen, to), at.settled.proven));
    return exit_code::done;
}

} // namespace pgratchet::commands
