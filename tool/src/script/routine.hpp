// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "script/literal.hpp"
#include "script/script.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::script {

/// How a message of the server names a routine: "app.total(integer,text)". Parts without quotes.
struct routine_name {
    std::string schema; ///< empty if it is not said
    std::string name;
    /// The types of its input arguments, without schema and length, by their long names ("integer[]", "character
    /// varying"); nothing if they are not said.
    std::optional<std::vector<std::string>> arguments;
};

/// Reads "app.total(integer,text)" or "total".
[[nodiscard]] routine_name read_routine_name(std::string_view signature);

/// A function, a procedure or a DO block, and where its body is written.
struct routine {
    routine_name name; ///< empty for a DO block
    literal body;

    /// The first byte of line `number` of the body, counted from 1, that is not white space; its end if it has fewer.
    [[nodiscard]] std::size_t line(std::size_t number) const;

    /// The first byte of statement `number` of an SQL function's body, counted from 1.
    [[nodiscard]] std::size_t sql_statement(std::size_t number) const;
};

/// The routine that a statement creates, or the block that it runs; nothing if it is another statement, or the body is
/// not written as one string constant or one BEGIN ATOMIC.
[[nodiscard]] std::optional<routine> routine_in(script const&, statement const&);

/// The routines that statements have created so far, the last one of each name. Values: they outlive the scripts.
class routines {
public:
    /// Takes note of a statement that creates, renames or moves a routine.
    void follow(script const&, statement const&);

    /// The routine that a message of the server means; null if it is not known or two might be meant.
    [[nodiscard]] routine const* find(routine_name const&) const;

    /// The last one with just that body; null if there is none.
    [[nodiscard]] routine const* find_by_body(std::string_view body) const;

private:
    void rename(statement const&, std::string_view text);

    std::vector<std::shared_ptr<routine const>> m_all; ///< in the order of their creation
};

} // namespace pgratchet::script
