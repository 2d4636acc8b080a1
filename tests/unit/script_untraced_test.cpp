// SPDX-License-Identifier: Apache-2.0
#include "script/script.hpp"

#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

namespace pgratchet::script {
namespace {

using names = std::vector<std::string>;

statement read_one(std::string const& sql)
{
    return parse("f.sql", "BEGIN; " + sql + "; COMMIT").result.body.at(0);
}

TEST(untraced, on_what_no_comparison_shows)
{
    for (auto const& [sql, on] : std::vector<std::pair<char const*, char const*>>{
             {"CREATE PUBLICATION p FOR TABLE t", ""},
             {"ALTER PUBLICATION p ADD TABLE t", ""},
             {"ALTER PUBLICATION p RENAME TO q", ""},
             {"ALTER PUBLICATION p OWNER TO r", ""},
             {"DROP PUBLICATION IF EXISTS p", ""},
             {"COMMENT ON DATABASE d IS 'x'", ""},
             {"ALTER EXTENSION e UPDATE", ""},
             {"ALTER EXTENSION e SET SCHEMA s", ""},
             {"GRANT a TO b", ""},
             {"GRANT CONNECT ON DATABASE d TO r", ""},
             {"ALTER DATABASE d OWNER TO r", ""},
             {"ALTER SERVER s OPTIONS (SET host 'h')", ""},
             {"ALTER FOREIGN DATA WRAPPER w OPTIONS (ADD a 'b')", ""},
             {"CREATE TEXT SEARCH TEMPLATE x (lexize = dsimple_lexize)", ""},
             {"DROP TEXT SEARCH PARSER x", ""},
             {"SECURITY LABEL ON TABLE t IS 'x'", ""},
             {"CREATE USER MAPPING FOR r SERVER s", ""},
             {"ALTER STATISTICS x SET STATISTICS 100", ""},
             {"ALTER TABLE t REPLICA IDENTITY FULL", "t"},
             {"ALTER TABLE ONLY \"A b\".\"T\" SET (fillfactor = 70)", "A b.T"},
             {"ALTER INDEX i SET (fillfactor = 70)", "i"},
             {"ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 100", "i"},
             {"ALTER TABLE t DISABLE TRIGGER ALL", "t"},
             {"ALTER TABLE s.t ADD COLUMN a int, ALTER b SET STATISTICS 500", "s.t.b"},
             {"ALTER TABLE t ALTER a SET STORAGE EXTERNAL", "t.a"},
             {"CLUSTER t USING i", "t"},
         }) {
        auto const found = read_one(sql);
        EXPECT_EQ(found.untraced, names{on}) << sql;
        EXPECT_FALSE(found.may_be_untraced) << sql;
        EXPECT_TRUE(found.schema_only) << sql;
    }
    EXPECT_EQ(
        parse("f.sql", "BEGIN; ALTER TABLE t SET (fillfactor = 7), ALTER a SET STORAGE PLAIN; GRANT a TO b; COMMIT")
            .result.untraced(),
        (names{"", "t", "t.a"}));
}

TEST(untraced, what_shows_or_is_upkeep)
{
    for (char const* sql : {
             "CREATE TABLE t (a int) WITH (fillfactor = 70)",
             "ALTER VIEW v SET (security_barrier)",
             "ALTER TABLE t SET UNLOGGED",
             "ALTER TABLE t OWNER TO r",
             "ALTER FOREIGN DATA WRAPPER w HANDLER f",
             "COMMENT ON EXTENSION e IS 'x'",
             "COMMENT ON TABLE t IS 'x'",
             "DROP TABLE t",
             "REVOKE ALL ON ALL TABLES IN SCHEMA s FROM PUBLIC",
             "REFRESH MATERIALIZED VIEW v",
             "VACUUM t",
             "REINDEX TABLE t",
             "CLUSTER t",
             "SET LOCAL lock_timeout = '1s'",
             "LOCK TABLE t",
         }) {
        EXPECT_EQ(read_one(sql).untraced, names{}) << sql;
        EXPECT_FALSE(read_one(sql).may_be_untraced) << sql;
    }
}

TEST(untraced, what_the_object_decides)
{
    for (char const* sql :
         {"GRANT SELECT ON t TO r", "GRANT USAGE ON FOREIGN DATA WRAPPER w TO r", "ALTER TABLE t DISABLE TRIGGER USER",
          "ALTER TABLE t DISABLE TRIGGER x", "ALTER TABLE t ENABLE ALWAYS TRIGGER x"}) {
        EXPECT_EQ(read_one(sql).untraced, names{}) << sql;
        EXPECT_TRUE(read_one(sql).may_be_untraced) << sql;
    }
}

} // namespace
} // namespace pgratchet::script
