// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/diagnostic.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::script {

/// One SQL statement of a migration, as a byte range of `script::text` that starts at its first token
/// (comments before it left out) and ends before its semicolon.
struct statement {
    std::size_t begin = 0;
    std::size_t end = 0;
    report::location where;
    std::string command; ///< for people: the first words in upper case, "CREATE TABLE", "ALTER TYPE"
    std::string node; ///< libpg_query's name of the parse node ("CreateStmt"); empty if it does not know the statement
    /// Why libpg_query refused it; empty if it did not. No error by itself: the server may be newer. Both this and
    /// `node` are empty for a statement that is beyond the parser's own limits (grammar.hpp), and nobody knows then.
    std::string parser_message;
    std::size_t parser_offset = 0; ///< byte offset in `script::text` that parser_message is about
    /// True only if the parse tree proves that the statement can do nothing but define schema:
    /// no DML, no DO, no CALL, no EXECUTE, no COPY, and no SELECT whose rows are kept but as derived ones (a
    /// materialized view). Functions that it calls (of an index, of a default) count as computing. What is not parsed
    /// is never schema-only.
    bool schema_only = false;
    /// What it does something to that no comparison of catalogs shows and that is meant to stay (a publication, a
    /// replica identity, a storage parameter): relations and columns as written and without quotes, "s.t.c"; "" for
    /// anything else. Upkeep, which can be missing without harm, is none: VACUUM, REINDEX, REFRESH, settings, locks.
    std::vector<std::string> untraced;
    bool may_be_untraced = false; ///< whether it is depends on what it is done to: only its replay tells
    bool if_not_exists = false;   ///< CREATE ..., ADD COLUMN or ADD VALUE with IF NOT EXISTS
};

/// `-- pgratchet: allow WARNING: REASON`: the warning is not given for the statement behind the comment.
struct allowance {
    std::string warning; ///< as written: whether there is such a warning is known elsewhere
    std::string reason;
    report::location where;      ///< of the comment
    report::location begin, end; ///< of the statement: its first character, and one behind its last
};

/// `-- pgratchet: accepted KIND IDENTITY: REASON`: what a revert does not bring back, or loses.
struct acceptance {
    std::string about; ///< "column public.t.c"
    std::string reason;
    report::location where;
};

/// How a file stands to transactions.
enum class transaction_mode {
    wrapped, ///< BEGIN; ... COMMIT;
    none,    ///< `-- pgratchet: no-transaction`
};

/// A migration's text taken apart. A value; it never touches the disk or a database.
struct script {
    std::string file; ///< the name to print, as given to parse()
    std::string text; ///< the bytes without a leading byte order mark
    transaction_mode mode = transaction_mode::wrapped;
    std::optional<statement> begin; ///< BEGIN or START TRANSACTION with its options
    /// A SET TRANSACTION that comes first in the body; several of them as one text with semicolons.
    std::optional<statement> set_transaction;
    std::optional<statement> commit;
    std::vector<statement> body; ///< all others, in order
    std::vector<allowance> allowances;
    std::vector<acceptance> accepted;

    [[nodiscard]] std::string_view text_of(statement const& s) const
    {
        return std::string_view{text}.substr(s.begin, s.end - s.begin);
    }

    /// Line and column of a byte offset into `text`.
    [[nodiscard]] report::location location_of(std::size_t offset) const;

    /// Byte offset into `text` of a server error position, which counts characters from 1 within the statement.
    [[nodiscard]] std::size_t offset_of(statement const& s, std::size_t server_position) const;

    /// True if every statement of the body is schema-only.
    [[nodiscard]] bool schema_only() const;

    /// What the statements of the body are untraced on, each but once; empty if all of their work shows.
    [[nodiscard]] std::vector<std::string> untraced() const;
};

/// What `parse` found: the script, usable only if no diagnostic is an error.
struct parsed {
    script result;
    std::vector<report::diagnostic> diagnostics;
};

enum class dialect {
    migration,   ///< all rules of a migration file
    schema_dump, ///< a pg_dump schema file: no BEGIN and COMMIT, but it gets them; `\restrict` and `\unrestrict` lines
                 ///< are skipped, and SET transaction_timeout
    probe,       ///< a hand-written probe: no BEGIN and COMMIT; a directive can only be an allowance
};

/// Takes a migration apart with PostgreSQL's own grammar (libpg_query). `bytes` are the raw bytes of
/// the file. Never throws on any input, and takes time linear in its length.
[[nodiscard]] parsed parse(std::string file, std::string_view bytes, dialect = dialect::migration);

} // namespace pgratchet::script
