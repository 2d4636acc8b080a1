// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/object.hpp"

#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace pgratchet::revert {

/// Writes the identities of catalog objects as SQL takes them. They have quotes only where the characters of a name ask
/// for them; a key word needs them, too.
class sql_names {
public:
    /// `keywords` are those of the server that a name must not be without quotes.
    explicit sql_names(std::set<std::string> keywords) : m_keywords{std::move(keywords)} {}

    /// One name without a schema.
    [[nodiscard]] std::string name(std::string_view plain) const;

    /// Names with a schema, wherever they stand in a text: "public.user" in "public.f(public.user, integer)". What has
    /// no dot stays as it is, since it may be the name of a type ("character varying").
    [[nodiscard]] std::string qualified(std::string_view text) const;

    /// An object as DROP, COMMENT and ALTER name it, without its kind: `public.t`, `f(integer)`, `c ON public.t`.
    [[nodiscard]] std::string of(catalog::object_id const&) const;

    /// The name of a column of an object.
    [[nodiscard]] std::string column(catalog::object const&) const;

    /// A name as the catalog has it, with quotes where it needs them.
    [[nodiscard]] std::string identifier(std::string_view raw) const;

    /// A role: `@deployer` is the session's user.
    [[nodiscard]] std::string role(std::string_view name) const;

private:
    std::set<std::string> m_keywords;
};

/// "name on public.t" taken apart.
[[nodiscard]] std::pair<std::string, std::string> name_and_root(std::string_view identity);

/// An attribute, or an empty text.
[[nodiscard]] std::string attribute(catalog::object const&, std::string const& name);

/// The key words of an object's kind: "TABLE", "MATERIALIZED VIEW", "DOMAIN".
[[nodiscard]] std::string kind_in_sql(catalog::object const&);

} // namespace pgratchet::revert
