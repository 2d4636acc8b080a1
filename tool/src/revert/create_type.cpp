// SPDX-License-Identifier: Apache-2.0
#include "catalog/identity.hpp"
#include "catalog/settings.hpp"
#include "revert/ddl.hpp"

#include <array>

namespace pgratchet::revert {

namespace {

std::string domain(catalog::object const& of, sql_names const& names)
{
    auto text = "CREATE DOMAIN " + names.of(of.id) + " AS " + attribute(of, "base type");
    if (auto const collation = attribute(of, "collation"); !collation.empty()) {
        text += " COLLATE " + collation;
    }
    if (auto const value = attribute(of, "default"); !value.empty()) {
        text += " DEFAULT " + value;
    }
    return text + (attribute(of, "not null") == "yes" ? " NOT NULL" : "");
}

/// "subtype double precision, opclass float8_ops" as CREATE TYPE has it. A canonical function needs the type before it
/// is there.
std::optional<statements> range(catalog::object const& of, wanted const& from)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> options{{{"subtype ", "SUBTYPE = "},
                                                                                    {"collation ", "COLLATION = "},
                                                                                    {"opclass ", "SUBTYPE_OPCLASS = "},
                                                                                    {"diff ", "SUBTYPE_DIFF = "}}};
    std::string list;
    for (auto const& part : catalog::parts_of(attribute(of, "range"), ',')) {
        bool is_known = false;
        for (auto const& [word, option] : options) {
            if (part.starts_with(word)) {
                list.append(list.empty() ? "" : ", ").append(option).append(part.substr(word.size()));
                is_known = true;
            }
        }
        if (!is_known) {
            return std::nullopt;
        }
    }
    if (auto const place = from.prints.multiranges.find(of.id.identity); place != from.prints.multiranges.end()) {
        list += ", MULTIRANGE_TYPE_NAME = " + place->second;
    }
    return statements{"CREATE TYPE " + from.names.of(of.id) + " AS RANGE (" + list + ")"};
}

/// "sfunc public.step, stype bigint, initcond '0', kind n"
std::optional<statements> aggregate(catalog::object const& of, wanted const& from)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 13> options{
        {{"sfunc ", "SFUNC = "},
         {"stype ", "STYPE = "},
         {"sspace ", "SSPACE = "},
         {"finalfunc ", "FINALFUNC = "},
         {"combinefunc ", "COMBINEFUNC = "},
         {"serialfunc ", "SERIALFUNC = "},
         {"deserialfunc ", "DESERIALFUNC = "},
         {"initcond ", "INITCOND = "},
         {"msfunc ", "MSFUNC = "},
         {"minvfunc ", "MINVFUNC = "},
         {"mstype ", "MSTYPE = "},
         {"mfinalfunc ", "MFINALFUNC = "},
         {"minitcond ", "MINITCOND = "}}};
    std::string list;
    for (auto const& part : catalog::parts_of(attribute(of, "transition"), ',')) {
        bool is_known = part == "kind n" || part == "finalmodify r";
        if (part == "finalextra true") {
            list += ", FINALFUNC_EXTRA";
            is_known = true;
        }
        for (auto const& [word, option] : options) {
            if (part.starts_with(word)) {
                list.append(list.empty() ? "" : ", ").append(option).append(part.substr(word.size()));
                is_known = true;
            }
        }
        if (!is_known) {
            return std::nullopt; // an ordered-set or hypothetical-set aggregate, or one with a sort operator
        }
    }
    if (auto const parallel = attribute(of, "parallel"); !parallel.empty()) {
        list += ", PARALLEL = " + parallel;
    }
    auto const name = from.names.of(of.id);
    return statements{"CREATE AGGREGATE " + name.substr(0, name.find('(')) + "(" + attribute(of, "arguments") + ") (" +
                      list + ")"};
}

std::optional<statements> cast(catalog::object const& of, wanted const& from)
{
    auto const method = attribute(of, "method");
    auto const context = attribute(of, "context");
    return statements{"CREATE CAST " + from.names.of(of.id) +
                      (method == "f"   ? " WITH FUNCTION " + attribute(of, "function")
                       : method == "i" ? " WITH INOUT"
                                       : " WITHOUT FUNCTION") +
                      (context == "a"   ? " AS ASSIGNMENT"
                       : context == "i" ? " AS IMPLICIT"
                                        : "")};
}

std::string without_arguments(std::string const& routine)
{
    return routine.substr(0, routine.rfind('('));
}

std::optional<statements> operator_(catalog::object const& of, wanted const& from)
{
    // public.<@(integer,text); NONE stands for an operand that is not there.
    auto const& identity = of.id.identity;
    auto const open = identity.rfind('(');
    auto const operands = catalog::parts_of(identity.substr(open + 1, identity.size() - open - 2), ',');
    if (operands.size() != 2) {
        return std::nullopt;
    }
    auto text = "CREATE OPERATOR " + from.names.qualified(identity.substr(0, open)) +
                " (FUNCTION = " + without_arguments(attribute(of, "function"));
    for (auto const& [word, operand] : {std::pair{"LEFTARG", operands[0]}, {"RIGHTARG", operands[1]}}) {
        if (operand != "NONE" && operand != "-") {
            text += std::string{", "} + word + " = " + from.names.qualified(operand);
        }
    }
    for (auto const& [word, name] : {std::pair{"COMMUTATOR", "commutator"}, {"NEGATOR", "negator"}}) {
        if (auto const other = attribute(of, name); !other.empty()) {
            text += std::string{", "} + word + " = OPERATOR(" + without_arguments(other) + ")";
        }
    }
    for (auto const& [word, name] : {std::pair{"RESTRICT", "restrict"}, {"JOIN", "join"}}) {
        if (auto const function = attribute(of, name); !function.empty()) {
            text += std::string{", "} + word + " = " + function;
        }
    }
    return statements{text + (attribute(of, "hashes") == "true" ? ", HASHES" : "") +
                      (attribute(of, "merges") == "true" ? ", MERGES" : "") + ")"};
}

std::optional<statements> collation(catalog::object const& of, wanted const& from)
{
    auto const provider = attribute(of, "provider");
    if (provider != "c" && provider != "i") {
        return std::nullopt;
    }
    auto const locale = attribute(of, "locale");
    return statements{"CREATE COLLATION " + from.names.of(of.id) +
                      " (PROVIDER = " + (provider == "c" ? "libc" : "icu") +
                      (provider == "c" ? ", LC_COLLATE = " + catalog::literal(attribute(of, "collate")) +
                                             ", LC_CTYPE = " + catalog::literal(attribute(of, "ctype"))
                       : !locale.empty() ? ", LOCALE = " + catalog::literal(locale)
                                         : ", LOCALE = " + catalog::literal(attribute(of, "collate"))) +
                      (attribute(of, "deterministic") == "false" ? ", DETERMINISTIC = false" : "") + ")"};
}

statements event_trigger(catalog::object const& of, wanted const& from)
{
    std::string tags;
    for (auto const& one : catalog::parts_of(attribute(of, "tags"), ',')) {
        tags += (tags.empty() ? "" : ", ") + catalog::literal(one);
    }
    statements all{"CREATE EVENT TRIGGER " + from.names.of(of.id) + " ON " + attribute(of, "event") +
                   (tags.empty() ? "" : " WHEN TAG IN (" + tags + ")") + " EXECUTE FUNCTION " +
                   attribute(of, "function") + "()"};
    if (of.attributes.contains("enabled")) {
        all.push_back(enabling(of, from.names));
    }
    return all;
}

} // namespace

std::optional<statements> create_type(catalog::object const& of, wanted const& from)
{
    auto const form = attribute(of, "form");
    auto const made = "CREATE TYPE " + from.names.of(of.id) + " AS ";
    if (form == "enum") {
        return statements{made + "ENUM (" + attribute(of, "labels") + ")"};
    }
    if (form == "composite") {
        return statements{made + "(" + attribute(of, "attributes") + ")"};
    }
    if (form == "domain") {
        return statements{domain(of, from.names)};
    }
    return form == "range" ? range(of, from) : std::nullopt;
}

std::optional<statements> create_rarely_made(catalog::object const& of, wanted const& from)
{
    auto const& kind = of.id.kind;
    if (kind == "schema" || kind == "extension") {
        return statements{"CREATE " + kind_in_sql(of) + " " + from.names.of(of.id)};
    }
    if (kind == "event trigger") {
        return event_trigger(of, from);
    }
    return kind == "aggregate"   ? aggregate(of, from)
           : kind == "cast"      ? cast(of, from)
           : kind == "operator"  ? operator_(of, from)
           : kind == "collation" ? collation(of, from)
                                 : std::nullopt;
}

} // namespace pgratchet::revert
