// SPDX-License-Identifier: Apache-2.0
// The script parser on arbitrary bytes: what it gives must be consistent, not only come back.
#include "expect.hpp"
#include "script/script.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace pgratchet;

namespace {

void check_location(report::location const& where)
{
    fuzz::expect(where.file == "f.sql" && where.line > 0 && where.column > 0, "a place without line and column");
}

/// A statement is a range of the text behind `from`; gives where it ends.
std::size_t check_statement(script::script const& of, script::statement const& one, std::size_t from)
{
    fuzz::expect(from <= one.begin && one.begin < one.end && one.end <= of.text.size(), "a statement out of its place");
    fuzz::expect(one.parser_offset <= of.text.size(), "a parser error outside of the text");
    fuzz::expect(!one.schema_only || (!one.node.empty() && one.parser_message.empty()),
                 "schema-only without a parse tree");
    check_location(one.where);
    auto const again = of.location_of(one.begin);
    fuzz::expect(again.line == one.where.line && again.column == one.where.column, "two places of one statement");
    fuzz::expect(of.offset_of(one, 1) == one.begin, "the first character of a statement is elsewhere");
    fuzz::expect(of.offset_of(one, SIZE_MAX) <= one.end, "a server's position outside of the statement");
    return one.end;
}

void check(script::parsed const& found, bool is_dump)
{
    auto const& of = found.result;
    bool usable = true;
    for (auto const& one : found.diagnostics) {
        fuzz::expect(!one.message.empty() && one.message.size() < 1000, "a message of an unlikely length");
        check_location(one.where);
        usable = usable && one.level != report::severity::error;
    }
    fuzz::expect(usable || !found.diagnostics.empty(), "refused without a word");
    if (!usable) {
        return;
    }
    std::size_t at = 0;
    std::size_t count = 0;
    for (auto const* one : {&of.begin, &of.set_transaction}) {
        if (*one && !is_dump) {
            at = check_statement(of, **one, at);
        }
    }
    for (auto const& one : of.body) {
        // Checking every place anew costs the square of the number of statements.
        at = ++count <= 64 ? check_statement(of, one, at) : one.end;
    }
    if (of.commit && !is_dump) {
        check_statement(of, *of.commit, at);
    }
    // What a dump gets comes behind its text.
    fuzz::expect(!is_dump || (at < of.begin->begin && of.text_of(*of.begin) == "BEGIN" &&
                              of.begin->end < of.commit->begin && of.text_of(*of.commit) == "COMMIT"),
                 "a dump without its transaction");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const bytes{reinterpret_cast<char const*>(data), size};
    check(script::parse("f.sql", bytes), false);
    check(script::parse("f.sql", bytes, script::dialect::schema_dump), true);
    return 0;
}
