// SPDX-License-Identifier: Apache-2.0
#include "apply/premade.hpp"

#include "catalog/query.hpp"
#include "database/session.hpp"
#include "preflight/mentions.hpp"
#include "script/traits.hpp"

#include <algorithm>
#include <utility>

namespace pgratchet::apply {

namespace {

/// The bare name; empty if the statement makes no such object, or more than that.
std::string made_by(script::script const& file, script::statement const& one)
{
    bool const is_schema = one.node == "CreateSchemaStmt";
    if (!is_schema && one.node != "CreateExtensionStmt") {
        return {};
    }
    auto const names = preflight::names_in(file.text_of(one));
    auto const at = one.if_not_exists ? 5U : 2U;
    if (names.size() <= at) {
        return {};
    }
    if (!is_schema) {
        return names[at];
    }
    auto const begins_with_owner = names[at] == "authorization";
    if (begins_with_owner) {
        return names.size() == at + 2 ? names[at + 1] : std::string{};
    }
    bool const has_owner = names.size() == at + 3 && names[at + 1] == "authorization";
    return names.size() == at + 1 || has_owner ? names[at] : std::string{};
}

bool is_dropped_before(script::script const& file, script::statement const& one, std::string const& name)
{
    return std::ranges::any_of(file.body, [&](script::statement const& earlier) {
        if (earlier.begin >= one.begin || earlier.node != "DropStmt") {
            return false;
        }
        auto const names = preflight::names_in(file.text_of(earlier));
        return std::ranges::find(names, name) != names.end();
    });
}

} // namespace

std::optional<catalog::object_id> made_beforehand(script::script const& file, script::statement const& one,
                                                  picture const& known)
{
    auto const name = made_by(file, one);
    if (name.empty()) {
        return std::nullopt;
    }
    catalog::object_id id{one.node == "CreateSchemaStmt" ? "schema" : "extension",
                          catalog::without_needless_quotes(database::quoted_name(name))};
    bool const is_premade = catalog::find(known.expected, id) == nullptr && catalog::find(known.live, id) != nullptr;
    return is_premade && !is_dropped_before(file, one, name) ? std::optional{std::move(id)} : std::nullopt;
}

std::string text_to_run(workplace const& at, std::size_t k, script::script const& file, std::size_t i)
{
    auto const& one = file.body[i];
    auto const text = file.text_of(one);
    auto const& foreign = at.compiled.migrations[k - 1].foreign_rows;
    if (at.how.plans_foreign_rows && std::ranges::find(foreign, i + 1) != foreign.end()) {
        return script::planned_only(text, one);
    }
    return made_beforehand(file, one, at.known) ? "SELECT" : std::string{text};
}

} // namespace pgratchet::apply
