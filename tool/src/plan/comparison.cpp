// SPDX-License-Identifier: Apache-2.0
#include "plan/comparison.hpp"

#include "catalog/privileges.hpp"

#include <algorithm>

namespace pgratchet::plan {

namespace {

std::vector<attribute_change> attribute_changes(catalog::object const& before, catalog::object const& after,
                                                catalog::proven_equal const& proven)
{
    std::vector<attribute_change> found;
    // Both ways, since a constraint may be validated where that is not expected, and here that is a difference.
    for (auto const& one : catalog::differences(after, before, proven)) {
        found.push_back({one.attribute, one.actual, one.expected});
    }
    for (auto const& one : catalog::differences(before, after, proven)) {
        auto const is_known = std::any_of(found.begin(), found.end(),
                                          [&](attribute_change const& each) { return each.name == one.attribute; });
        if (!is_known) {
            found.push_back({one.attribute, one.expected, one.actual});
        }
    }
    if (catalog::attribute_of(&before, "comment") != catalog::attribute_of(&after, "comment")) {
        found.push_back(
            {"comment", catalog::attribute_of(&before, "comment"), catalog::attribute_of(&after, "comment")});
    }
    if (catalog::other_owner(before) != catalog::other_owner(after)) {
        found.push_back({"owner", catalog::attribute_of(&before, "owner"), catalog::attribute_of(&after, "owner")});
    }
    if (catalog::effective_privileges(before) != catalog::effective_privileges(after)) {
        found.push_back(
            {"privileges", catalog::attribute_of(&before, "privileges"), catalog::attribute_of(&after, "privileges")});
    }
    std::sort(found.begin(), found.end(), [](auto const& a, auto const& b) { return a.name < b.name; });
    return found;
}

std::string indented(std::string const& text, std::string const& margin)
{
    std::string out;
    for (std::size_t at = 0; at <= text.size();) {
        auto const end = std::min(text.find('\n', at), text.size());
        out += margin + text.substr(at, end - at) + "\n";
        at = end + 1;
    }
    return out;
}

std::string line_of(attribute_change const& one, change_kind what)
{
    bool const is_long = (one.before && one.before->find('\n') != std::string::npos) ||
                         (one.after && one.after->find('\n') != std::string::npos);
    auto const name = "    " + one.name + ":";
    if (what != change_kind::changed) {
        auto const& text = what == change_kind::added ? *one.after : *one.before;
        return is_long ? name + "\n" + indented(text, "      ") : name + " " + text + "\n";
    }
    auto const before = catalog::value_in_words(one.name, one.before);
    auto const after = catalog::value_in_words(one.name, one.after);
    return is_long ? name + "\n" + indented(before, "      - ") + indented(after, "      + ")
                   : name + " " + before + " -> " + after + "\n";
}

} // namespace

std::vector<object_change> compare(catalog::snapshot const& before, catalog::snapshot const& after,
                                   catalog::proven_equal const& proven)
{
    std::vector<object_change> found;
    for (auto const& [id, was] : before) {
        auto const* const is = catalog::find(after, id);
        object_change one{id, is == nullptr ? change_kind::dropped : change_kind::changed, {}};
        if (is != nullptr) {
            one.attributes = attribute_changes(was, *is, proven);
        } else {
            for (auto const& [name, text] : was.attributes) {
                one.attributes.push_back({name, text, std::nullopt});
            }
        }
        if (is == nullptr || !one.attributes.empty()) {
            found.push_back(std::move(one));
        }
    }
    for (auto const& [id, is] : after) {
        if (!before.contains(id)) {
            object_change one{id, change_kind::added, {}};
            for (auto const& [name, text] : is.attributes) {
                one.attributes.push_back({name, std::nullopt, text});
            }
            found.push_back(std::move(one));
        }
    }
    std::sort(found.begin(), found.end(), [](auto const& a, auto const& b) { return a.id < b.id; });
    return found;
}

std::string in_words(std::vector<object_change> const& all)
{
    std::string text;
    for (auto const& one : all) {
        auto const* const sign = one.what == change_kind::added ? "+ " : one.what == change_kind::dropped ? "- " : "~ ";
        text += sign + one.id.kind + " " + one.id.identity + "\n";
        for (auto const& each : one.attributes) {
            text += line_of(each, one.what);
        }
    }
    return text;
}

} // namespace pgratchet::plan
