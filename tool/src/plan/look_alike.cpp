// SPDX-License-Identifier: Apache-2.0
#include "plan/look_alike.hpp"

#include "catalog/canonical.hpp"
#include "plan/agreement.hpp"
#include "plan/out_of_sight.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace pgratchet::plan {

namespace {

/// Two independent 64-bit hashes: a state is the exclusive or of its objects' fingerprints, so one change costs one
/// step.
struct fingerprint {
    std::size_t a = 0;
    std::size_t b = 0;

    friend auto operator<=>(fingerprint const&, fingerprint const&) = default;
};

fingerprint hash(std::string const& text)
{
    std::hash<std::string> const hasher;
    return {hasher(text), hasher("\x01" + text)};
}

void toggle(fingerprint& state, fingerprint const& one)
{
    state.a ^= one.a;
    state.b ^= one.b;
}

using history = timelines::value_type;

bool is_made_if_not_exists(std::vector<segment> const& line, std::size_t i)
{
    return i > 0 && line[i].if_not_exists && line[i].value != nullptr;
}

/// The attributes that tell one version of this object from another in any environment.
std::set<std::string> telling_attributes(plan const& of, history const& one)
{
    std::set<std::string> names;
    for (auto const& each : one.second) {
        if (each.value != nullptr) {
            for (auto const& [name, text] : each.value->attributes) {
                names.insert(name);
            }
        }
    }
    std::erase_if(names, [&](std::string const& name) {
        return !catalog::compared_for_drift(name) || name == "validated" || tolerated(of, {}, one.first, name) ||
               std::any_of(one.second.begin(), one.second.end(), [&](segment const& each) {
                   if (each.value == nullptr) {
                       return false;
                   }
                   auto const place = each.value->attributes.find(name);
                   return place != each.value->attributes.end() &&
                          (place->second == catalog::moment || (name == "not null" && place->second == "not valid"));
               });
    });
    return names;
}

/// The text by which each segment tells itself from others; empty if it is absent, or an environment may have it either
/// way. Coarse: equal for all segments that some live object fits both of.
std::vector<std::string> telling_texts(plan const& of, history const& one)
{
    auto const& [id, line] = one;
    std::vector<std::string> texts(line.size());
    if (catalog::one_way(id) || tolerated(of, {}, id, "*")) {
        return texts;
    }
    std::map<std::string, std::string> last; // of each attribute, the text that its later equals are called by
    catalog::object const* before = nullptr;
    auto const names = telling_attributes(of, one);
    std::set<std::string> either;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i].value == nullptr) {
            continue;
        }
        texts[i] = "present";
        for (auto const& name : names) {
            auto const place = line[i].value->attributes.find(name);
            if (place == line[i].value->attributes.end()) {
                continue;
            }
            auto const was = before == nullptr ? place : before->attributes.find(name);
            bool const means_the_same = before != nullptr && was != before->attributes.end() &&
                                        catalog::same_meaning(id, name, was->second, place->second);
            if (!means_the_same) {
                last[name] = place->second;
            }
            texts[i] += '\x03' + name + '\x03' + last[name];
        }
        before = line[i].value;
        if (is_made_if_not_exists(line, i)) {
            either.insert({texts[i], texts[i - 1]});
        }
    }
    for (auto& text : texts) {
        text = either.contains(text) ? "" : text;
    }
    return texts;
}

/// The fingerprint of each version, 0 first: equal for all versions that look alike, and for some that do not.
std::vector<fingerprint> fingerprints(plan const& of, timelines const& known)
{
    std::vector<fingerprint> changes(of.migrations.size() + 1);
    for (auto const& one : known) {
        auto const texts = telling_texts(of, one);
        auto const name = one.first.kind + '\x02' + one.first.identity + '\x02';
        auto const contribution = [&](std::size_t i) {
            return texts[i].empty() ? fingerprint{} : hash(name + texts[i]);
        };
        for (std::size_t i = 0; i < texts.size(); ++i) {
            auto& here = changes[one.second[i].from];
            toggle(here, contribution(i));
            if (i > 0) {
                toggle(here, contribution(i - 1));
            }
        }
    }
    for (std::size_t k = 1; k < changes.size(); ++k) {
        toggle(changes[k], changes[k - 1]);
    }
    return changes;
}

using attribute_differences = std::vector<catalog::attribute_difference>;

/// Where a live object that is as `actual` would not be what `expected` asks for.
attribute_differences telling_differences(plan const& of, catalog::object const& expected,
                                          catalog::object const& actual)
{
    auto found = catalog::differences(expected, actual, {});
    std::erase_if(found, [&](auto const& one) { return tolerated(of, {}, expected.id, one.attribute); });
    return found;
}

/// Whether whatever is as `later` would pass for `earlier`.
bool takes_in(plan const& of, catalog::object const& earlier, catalog::object const& later)
{
    return telling_differences(of, earlier, later).empty();
}

/// Whether some live object would pass for both: none of their attributes differs from either side.
bool can_be_both(plan const& of, catalog::object const& a, catalog::object const& b)
{
    auto const there = telling_differences(of, a, b);
    auto const back = there.empty() ? attribute_differences{} : telling_differences(of, b, a);
    return std::none_of(there.begin(), there.end(), [&](auto const& one) {
        return std::any_of(back.begin(), back.end(),
                           [&](auto const& other) { return other.attribute == one.attribute; });
    });
}

/// How two versions stand to each other: whether some database fits both, and whether all that fit the later one do.
struct relation {
    bool alike = true;
    bool covers = true;
};

void relate(plan const& of, history const& one, std::size_t low, std::size_t high, relation& so_far)
{
    auto const& id = one.first;
    auto const& line = one.second;
    auto const& a = at(line, low);
    auto const& b = at(line, high);
    if (&a == &b || tolerated(of, {}, id, "*")) {
        return;
    }
    auto const accepts_next = [&](segment const& absent) -> catalog::object const* {
        auto const* next = &absent + 1;
        return next < line.data() + line.size() && next->if_not_exists ? next->value : nullptr;
    };
    if (a.value != nullptr && b.value != nullptr) {
        auto const* early = accepts_next(a);
        so_far.alike = so_far.alike &&
                       (can_be_both(of, *a.value, *b.value) || (early != nullptr && can_be_both(of, *early, *b.value)));
        so_far.covers =
            so_far.covers && (takes_in(of, *a.value, *b.value) || (early != nullptr && takes_in(of, *early, *b.value)));
    } else if (a.value == nullptr && b.value == nullptr) {
        so_far.covers = so_far.covers && (catalog::one_way(id) || accepts_next(b) == nullptr);
    } else if (a.value == nullptr) {
        auto const* early = accepts_next(a);
        so_far.alike =
            so_far.alike && (catalog::one_way(id) || (early != nullptr && can_be_both(of, *early, *b.value)));
        so_far.covers = so_far.covers && (catalog::one_way(id) || (early != nullptr && takes_in(of, *early, *b.value)));
    } else {
        auto const* early = accepts_next(b);
        so_far.alike =
            so_far.alike && (catalog::one_way(id) || (early != nullptr && can_be_both(of, *a.value, *early)));
        so_far.covers = false;
    }
}

relation relate(plan const& of, timelines const& known, std::size_t low, std::size_t high)
{
    relation found;
    for (auto k = low; k < high && found.alike; ++k) {
        for (auto const& one : of.migrations[k].changes) {
            if (auto const place = known.find(one.id); place != known.end()) {
                relate(of, *place, low, high, found);
            }
        }
    }
    return found;
}

} // namespace

std::vector<look_alike> look_alikes(plan const& of)
{
    std::vector<look_alike> found;
    std::map<fingerprint, std::vector<std::size_t>> seen;
    auto const known = timelines_of(of);
    auto const states = fingerprints(of, known);
    for (std::size_t k = 0; k < states.size(); ++k) {
        auto& earlier = seen[states[k]];
        for (auto low = earlier.rbegin(); low != earlier.rend(); ++low) {
            auto const pair = relate(of, known, *low, k);
            if (pair.alike) {
                found.push_back({*low, k});
            }
            if (pair.alike && pair.covers) {
                break; // whatever fits k fits this one too: those further down are next to it, not to k
            }
        }
        earlier.push_back(k);
    }
    return found;
}

namespace {

std::vector<look_alike> in_need_of_probes(plan const& of, bool have_some)
{
    auto pairs = look_alikes(of);
    std::set<std::size_t> with_probe;
    for (auto const& one : of.probes) {
        with_probe.insert(index_of(of, one.version).value_or(0));
    }
    std::erase_if(pairs, [&](look_alike const& pair) {
        // A probe of a version between would not do: what it looks for may be undone by then.
        return with_probe.contains(pair.high) != have_some || may_take_higher(of, pair.low, pair.high);
    });
    return pairs;
}

} // namespace

std::vector<look_alike> without_an_answer(plan const& of)
{
    return in_need_of_probes(of, false);
}

std::vector<look_alike> answered_by_probes(plan const& of)
{
    return in_need_of_probes(of, true);
}

} // namespace pgratchet::plan
