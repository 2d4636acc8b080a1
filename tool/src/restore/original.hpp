// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace pgratchet::restore {

/// What pg_database says of the database that is to be replaced.
struct original {
    std::string name;
    std::string oid;
    std::string owner;
    std::string encoding;
    std::string collate;
    std::string ctype;
    std::string provider;              ///< pg_database.datlocprovider: c (libc), i (ICU), b (builtin)
    std::optional<std::string> locale; ///< of the provider, unless it is libc
    std::optional<std::string> rules;  ///< of ICU, from PostgreSQL 16 on
    std::string tablespace;
    std::string connection_limit; ///< -1: none
    bool is_template = false;
    std::uint64_t bytes = 0;
    int server_version = 0;          ///< as PQserverVersion
    std::string server_start;        ///< of this very server process: tells two servers apart for every role
    std::string system_identifier;   ///< in digits; empty if the role may not ask
    std::string role;                ///< as whom we are connected
    std::optional<std::string> data; ///< the folder in which it lies; nothing if the server is on another machine, or
                                     ///< the role may not ask
};

/// SQL for `server_start`: microseconds, as the text of a time is written as the database's settings ask.
constexpr auto start_of_server = "(1000000 * extract(epoch FROM pg_catalog.pg_postmaster_start_time()))::bigint::text";

/// Of the database that the session is connected with.
[[nodiscard]] original read_original(database::session&);

/// CREATE DATABASE for one that is like it, empty, and its owner's. From template0: any other may hold objects, and
/// fixes encoding and locale.
[[nodiscard]] std::string create_statement(original const&, std::string const& name, database::session const&);

} // namespace pgratchet::restore
