// SPDX-License-Identifier: Apache-2.0
#include "report/diagnostic.hpp"

#include <gtest/gtest.h>

using namespace pgratchet::report;

TEST(diagnostic, has_the_form_that_gcc_uses)
{
    diagnostic const d{severity::error, {"004_x.sql", 17, 5},  "column \"a\" does not exist",
                       "42703",         {"in: ALTER TABLE t"}, "did you mean \"b\"?"};
    EXPECT_EQ(to_gcc(d), "004_x.sql:17:5: error: column \"a\" does not exist [42703]\n"
                         "  in: ALTER TABLE t\n"
                         "  hint: did you mean \"b\"?");
}

TEST(diagnostic, leaves_out_what_is_not_known)
{
    EXPECT_EQ(to_gcc({severity::warning, {"m/x.sql", 0, 0}, "m", "n", {}, std::nullopt}), "m/x.sql: warning: m [n]");
    EXPECT_EQ(to_gcc({severity::note, {"x.sql", 3, 0}, "m", "", {}, std::nullopt}), "x.sql:3: note: m");
    EXPECT_EQ(to_gcc({severity::error, {}, "m", "", {}, std::nullopt}), "error: m");
}

TEST(diagnostic, no_line_of_a_long_text_looks_like_a_message)
{
    EXPECT_EQ(to_gcc({severity::error, {"x.sql", 1, 1}, "a\r\nb: error: c", "r", {"d\ne"}, "f\ng"}),
              "x.sql:1:1: error: a [r]\n  b: error: c\n  d\n  e\n  hint: f\n  g");
}
