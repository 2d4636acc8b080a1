// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan_builder.hpp"

#include <gtest/gtest.h>

namespace pgratchet::plan::builder {

inline void expect_at(state const& found, std::size_t version)
{
    EXPECT_EQ(name_of(found.is), version == 0 ? "empty" : "applied");
    EXPECT_EQ(found.version, version);
    EXPECT_TRUE(found.drift.empty());
    EXPECT_TRUE(found.candidates.empty());
}

inline void expect_candidates(state const& found, std::vector<std::size_t> const& candidates)
{
    EXPECT_EQ(name_of(found.is), "ambiguous");
    EXPECT_EQ(found.candidates, candidates);
    EXPECT_EQ(found.version, candidates.front());
}

inline catalog::object const t = table("t");
inline catalog::object const a = column("t", "a", {{"type", "integer"}});
inline catalog::object const wide_a = column("t", "a", {{"type", "bigint"}});
inline catalog::object const b = column("t", "b", {{"type", "text"}});
inline catalog::object const c = column("t", "c", {{"type", "text"}});

/// 001 makes t with a, 002 adds b, 003 widens a and adds c, 004 drops b.
inline history four_files()
{
    return history{}.file({makes(t), makes(a)}).file({makes(b)}).file({makes(wide_a), makes(c)}).file({drops(b)});
}

} // namespace pgratchet::plan::builder
