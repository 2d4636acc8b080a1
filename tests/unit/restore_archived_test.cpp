// SPDX-License-Identifier: Apache-2.0
#include "restore/archived.hpp"

#include <gtest/gtest.h>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace {

using pgratchet::restore::read_archived;
using texts = std::vector<std::string>;

constexpr auto script = R"(\restrict abc
SET statement_timeout = 0;
SET client_encoding = 'LATIN1';
SET standard_conforming_strings = off;
CREATE DATABASE "we ird; SET" WITH TEMPLATE = template0 ENCODING = 'LATIN1' LOCALE_PROVIDER = libc LOCALE = 'C';
ALTER DATABASE "we ird; SET" OWNER TO one;
\unrestrict abc
\encoding SQL_ASCII
\connect -reuse-previous=on "dbname='we ird; SET'"
\restrict abc
ALTER DATABASE "we ird; SET" SET "app.x" TO 'ac;me';
ALTER DATABASE "we ird; SET" SET search_path TO 'a', 'B';
ALTER ROLE two IN DATABASE "we ird; SET" SET statement_timeout TO '5s';
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'CREATE DATABASE x WITH TEMPLATE = template0 NO' $$;
GRANT CONNECT ON DATABASE "we ird; SET" TO three;
\unrestrict abc
)";

TEST(restore_archived, says_how_the_database_was_made_and_set)
{
    auto const found = read_archived(script);
    EXPECT_EQ(found.options, "ENCODING = 'LATIN1' LOCALE_PROVIDER = libc LOCALE = 'C'");
    EXPECT_EQ(found.settings, (texts{"SET \"app.x\" TO 'ac;me'", "SET search_path TO 'a', 'B'"}));
    // A setting of a role in that database has no place in another one.
    EXPECT_EQ(found.roles, (std::set<std::string>{"one", "three"}));
}

TEST(restore_archived, is_read_in_the_encoding_of_its_database)
{
    auto const found = [](std::string const& encoding, std::string const& role) {
        return read_archived("SET client_encoding = '" + encoding +
                             "';\nCREATE DATABASE d WITH TEMPLATE = template0 ENCODING = '" + encoding +
                             "';\nALTER DATABASE d SET work_mem TO '9MB';\nALTER TABLE public.t OWNER TO \"" + role +
                             "\";\n");
    };
    for (auto const& [encoding, role, expected] :
         std::vector<std::tuple<std::string, std::string, std::string>>{{"LATIN1",
                                                                         "Gr\xf6\xdf"
                                                                         "e",
                                                                         "Größe"},
                                                                        {"LATIN9", "\xa4", "€"},
                                                                        {"WIN1252", "\x80", "€"},
                                                                        {"EUC_JP", "\xc6\xfc", "日"},
                                                                        {"UTF8", "Größe", "Größe"},
                                                                        {"SQL_ASCII", "Größe", "Größe"},
                                                                        {"SQL_ASCII",
                                                                         "Gr\xf6\xdf"
                                                                         "e",
                                                                         "Größe"},
                                                                        {"MULE_INTERNAL", "plain", "plain"}}) {
        auto const one = found(encoding, role);
        EXPECT_EQ(one.options, "ENCODING = '" + encoding + "'");
        EXPECT_EQ(one.settings, texts{"SET work_mem TO '9MB'"}) << encoding;
        EXPECT_EQ(one.roles, (std::set<std::string>{expected})) << encoding;
    }
}

TEST(restore_archived, says_nothing_without_the_database)
{
    auto const found = read_archived("CREATE TABLE t (n integer);\nALTER DATABASE d SET x.y TO '1';");
    EXPECT_EQ(found.options, "");
    EXPECT_EQ(found.settings, texts{});
    EXPECT_EQ(read_archived("").options, "");
}

} // namespace
