// SPDX-License-Identifier: Apache-2.0
#include "plan/evidence.hpp"

#include "plan/effect_only.hpp"

#include <algorithm>

namespace pgratchet::plan {

namespace {

/// Default privileges: an environment may have more of its own.
std::vector<std::string> lacking_defaults(catalog::object_id const& id, catalog::object const* was,
                                          catalog::object const* wanted, catalog::object const* there)
{
    bool const is_unchanged = was == wanted || (was != nullptr && wanted != nullptr && *was == *wanted);
    if (is_unchanged || (there == nullptr && wanted == nullptr)) {
        return {};
    }
    catalog::object const none{id, id.identity, {{"privileges", ""}}};
    return there == nullptr ? std::vector{id.kind + " " + id.identity + ": expected, and is not there"}
                            : effect_only_objections(was, wanted == nullptr ? none : *wanted, *there, false);
}

} // namespace

evidence::evidence(timelines const& histories, catalog::snapshot const& live, catalog::proven_equal const& proven,
                   std::size_t low)
    : m_histories{histories}, m_live{live}, m_proven{proven}, m_low{low}
{
}

void evidence::weigh(std::set<catalog::object_id> const& changed, std::size_t high)
{
    for (auto const& id : changed) {
        auto& known = m_findings[id];
        count(known, -1);
        known = examine(id, high);
        count(known, +1);
    }
}

std::vector<std::string> evidence::lacking(catalog::object_id const& id, std::size_t high) const
{
    auto const of = sides_of(id, high);
    if (catalog::belongs_to_effect_only(id)) {
        return lacking_defaults(id, of.was, of.now.value, of.there);
    }
    if (is_dropped_and_used(id, of)) {
        return {id.kind + " " + id.identity + ": expected to be gone, and holds what no migration makes"};
    }
    if (of.now.value == nullptr || of.there == nullptr) {
        return {};
    }
    auto expected = *of.now.value;
    if (of.was == nullptr && !expected.attributes.contains("owner") && of.there->attributes.contains("owner")) {
        expected.attributes["owner"] = of.there->attributes.at("owner"); // premade by an administrator, who owns it
    }
    return effect_only_objections(of.was, expected, *of.there, false);
}

void evidence::count(finding const& one, int by)
{
    m_missing += one.missing ? by : 0;
    m_like_lower += one.like_lower ? by : 0;
    m_like_higher += one.like_higher ? by : 0;
    m_like_neither += one.like_neither ? by : 0;
}

evidence::sides evidence::sides_of(catalog::object_id const& id, std::size_t high) const
{
    auto const& line = m_histories.at(id);
    return {at(line, m_low).value, at(line, high), catalog::find(m_live, id)};
}

/// Whether the live object is as one version has it, in what the other has differently.
bool evidence::is_like(catalog::object const* one, catalog::object const* other, catalog::object const* there) const
{
    if (one == nullptr || there == nullptr) {
        return one == there;
    }
    auto const found = catalog::differences(*one, *there, m_proven);
    if (other == nullptr) {
        return found.empty();
    }
    auto const changed = catalog::differences(*one, *other, m_proven);
    return std::none_of(found.begin(), found.end(), [&](auto const& difference) {
        return std::any_of(changed.begin(), changed.end(),
                           [&](auto const& each) { return each.attribute == difference.attribute; });
    });
}

/// A schema that a file drops, and that has objects which no migration makes: it was made anew since, or the file would
/// drop those, too.
bool evidence::is_dropped_and_used(catalog::object_id const& id, sides const& of) const
{
    return id.kind == "schema" && of.was != nullptr && of.now.value == nullptr && of.there != nullptr &&
           std::any_of(m_live.begin(), m_live.end(), [&](auto const& one) {
               return one.first.identity.starts_with(id.identity + ".") && !m_histories.contains(one.first);
           });
}

evidence::finding evidence::examine(catalog::object_id const& id, std::size_t high) const
{
    auto const of = sides_of(id, high);
    if (is_dropped_and_used(id, of)) {
        return {false, false, false, true};
    }
    bool const missing = !lacking(id, high).empty();
    if (catalog::belongs_to_effect_only(id)) {
        return {missing, false, false, false};
    }
    bool const lower = is_like(of.was, of.now.value, of.there);
    bool const higher = is_like(of.now.value, of.was, of.there);
    // Made beforehand by somebody else, as these may be: no sign that the file has run.
    bool const may_be_premade = of.now.if_not_exists || (of.was == nullptr && catalog::one_way(id));
    return {missing, lower && !higher, higher && !lower && !may_be_premade, of.was != nullptr && !lower && !higher};
}

} // namespace pgratchet::plan
