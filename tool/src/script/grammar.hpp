// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "script/script.hpp"

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace pgratchet::script {

/// A statement to be shown to PostgreSQL's parser, with what the lexer counted in it.
struct parser_task {
    statement* target = nullptr;
    std::size_t tokens = 0;
    std::size_t rescanned = 0;
    std::string_view first_word; ///< into the text
};

/// Fills in `node`, `parser_message`, `parser_offset`, `schema_only`, `untraced`, `may_be_untraced` and `if_not_exists`
/// of each target from libpg_query. A statement beyond the limits below is left as it is: not known, and so never
/// schema-only.
///
/// libpg_query writes a parse tree by recursion (about 230 bytes of stack for a term of `1+1+...`), so all
/// of it runs on a thread with a stack that suits `most_tokens_in_tree`; the pages are touched only when used.
/// Of its two output forms JSON is used: packing protobuf moves every subtree once for each level above it.
void read_with_parser(std::string_view text, std::vector<parser_task> const& tasks);

/// Runs something that calls libpg_query with such a stack, to its end: here on the main thread if
/// let_main_stack_grow() worked, else on a thread of its own. It is not run if there is no memory for the thread; a
/// std::bad_alloc out of it ends it silently, and nothing else may leave it.
void run_with_parser_stack(std::function<void()> const& work);

/// Lets the main thread, which calls it, have such a stack: the kernel looks at RLIMIT_STACK (getrlimit(2)) only when a
/// stack grows. To make a thread for each file takes longer than to parse most.
void let_main_stack_grow();

/// The version of PostgreSQL whose grammar libpg_query has: 15.
[[nodiscard]] int parser_major_version();

/// Beyond this many tokens no tree is asked for. (A table has at most 1,600 columns.)
inline constexpr std::size_t most_tokens_in_tree = 100'000;
/// Beyond this many bytes no tree is asked for: JSON may be six times as long as a function's body.
inline constexpr std::size_t most_bytes_in_tree = 16U << 20U;
/// Beyond this many tokens not even the syntax is checked: the parser takes some 100 bytes for each.
inline constexpr std::size_t most_tokens_parsed = 1'000'000;
/// A statement is not parsed if its scanner would read more than this many times its length.
inline constexpr std::size_t most_rescans_per_byte = 128;

} // namespace pgratchet::script
