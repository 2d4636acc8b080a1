// SPDX-License-Identifier: Apache-2.0
#include "script/wanted_part.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace pgratchet::script {

namespace {

using json = nlohmann::json;

/// The fields that parse_tree.cpp and untraced.cpp read, and those on the way to them.
constexpr std::array wanted_fields = std::to_array<std::string_view>({
    "stmts",     "stmt",       "cmds",        "AlterTableCmd", "subtype",     "missing_ok",    "def",
    "List",      "items",      "DefElem",     "defname",       "options",     "if_not_exists", "skipIfNewValExists",
    "base",      "objtype",    "objectType",  "kind",          "removeType",  "renameType",    "targtype",
    "relation",  "schemaname", "relname",     "name",          "indexname",   "into",          "skipData",
    "ColumnDef", "colname",    "raw_default", "typeName",      "constraints", "Constraint",    "contype",
});

/// What of ALTER COLUMN ... TYPE is wanted with all that is in it: USING, and the type.
constexpr std::array wanted_as_a_whole = std::to_array<std::string_view>({"raw_default", "typeName"});

/// The name of a statement's node stands in the object that is so deep: {"stmts":[{"stmt":{NODE: ...
constexpr std::size_t node_depth = 4;

/// Builds what is wanted of a tree and passes over the rest, expressions and function bodies above all. (The
/// library's own way to drop parts searches an array anew for each of its elements.)
class part_builder final : public nlohmann::json_sax<json> {
public:
    bool null() override { return true; }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add_number(value); }
    bool number_unsigned(number_unsigned_t value) override { return add_number(value); }
    bool number_float(number_float_t, string_t const&) override { return true; }
    bool string(string_t& value) override { return add(value); }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t, std::string const&, nlohmann::detail::exception const&) override { return false; }
    bool key(string_t& name) override
    {
        if (m_passed_over == 0) {
            m_key_wanted = m_open.size() == node_depth || m_whole > 0 ||
                           std::find(wanted_fields.begin(), wanted_fields.end(), name) != wanted_fields.end();
            m_key = name;
        }
        return true;
    }

    [[nodiscard]] json take() { return std::move(m_root); }

private:
    [[nodiscard]] bool wanted() const
    {
        return m_passed_over == 0 && (m_open.empty() || m_open.back()->is_array() || m_key_wanted);
    }

    json& place(json value)
    {
        if (m_open.empty()) {
            return m_root = std::move(value);
        }
        json& parent = *m_open.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return parent.back();
        }
        return parent[m_key] = std::move(value);
    }

    bool add(json value)
    {
        if (wanted()) {
            place(std::move(value));
        }
        return true;
    }

    /// Where something stands does not matter; nor do numbers elsewhere.
    template <class Number>
    bool add_number(Number value)
    {
        return m_whole == 0 || m_key == "location" || add(value);
    }

    bool open(json container)
    {
        if (wanted()) {
            m_open.push_back(&place(std::move(container)));
            if (m_whole == 0 && std::ranges::find(wanted_as_a_whole, m_key) != wanted_as_a_whole.end()) {
                m_whole = m_open.size();
            }
        } else {
            ++m_passed_over;
        }
        return true;
    }

    bool close()
    {
        if (m_passed_over > 0) {
            --m_passed_over;
        } else {
            m_whole = m_open.size() == m_whole ? 0 : m_whole;
            m_open.pop_back();
        }
        return true;
    }

    json m_root;
    std::vector<json*> m_open; ///< an open container stays where it is: only the innermost one grows
    std::string m_key;
    bool m_key_wanted = false;
    std::size_t m_whole = 0;       ///< how deep what is wanted as a whole began; 0 outside of it
    std::size_t m_passed_over = 0; ///< how many containers deep we are in something unwanted
};

} // namespace

json read_wanted_part(std::string_view text)
{
    part_builder builder;
    return json::sax_parse(text, &builder) ? builder.take() : json{};
}

} // namespace pgratchet::script
