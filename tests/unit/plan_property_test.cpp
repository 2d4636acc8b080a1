// SPDX-License-Identifier: Apache-2.0
// Random histories: locate() against an oracle that compares every version with the whole catalog.
#include "plan/look_alike.hpp"
#include "plan/probed.hpp"
#include "plan_builder.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <set>

namespace pgratchet::plan {
namespace {

using namespace builder;

constexpr std::size_t versions = 40;
constexpr int identities = 15;

class generator {
public:
    explicit generator(unsigned seed) : m_random{seed} {}

    int below(int limit) { return std::uniform_int_distribution<int>{0, limit - 1}(m_random); }

    catalog::object value(int which)
    {
        auto const name = "o" + std::to_string(which);
        if (which < 2) {
            return thing("extension", name);
        }
        return thing("type", "public." + name, {{"labels", std::to_string(below(3))}});
    }

    history plan()
    {
        history all;
        for (std::size_t k = 1; k <= versions; ++k) {
            auto const before = all.at(k - 1);
            auto after = before;
            if (k > 2 && below(5) == 0) {
                after = all.at(static_cast<std::size_t>(below(static_cast<int>(k))));
            } else {
                for (int i = below(4); i > 0; --i) {
                    touch(after);
                }
            }
            auto changes = difference(before, after);
            for (auto& one : changes) {
                one.if_not_exists = one.after && !before.contains(one.id) && below(6) == 0;
            }
            below(4) == 0 ? all.with_data(std::move(changes)) : all.file(std::move(changes));
            if (below(6) == 0) {
                all.untraced();
            }
            if (below(3) == 0) {
                all.probe(all.built().migrations.back().version);
            }
        }
        return all;
    }

    void touch(catalog::snapshot& on)
    {
        auto const one = value(below(identities));
        if (below(3) == 0) {
            on.erase(one.id);
        } else {
            on.insert_or_assign(one.id, one);
        }
    }

private:
    std::mt19937 m_random;
};

/// What the oracle looks up, computed once for a plan.
struct picture {
    explicit picture(plan const& of) : compiled{of}, pairs{look_alikes(of)}
    {
        for (std::size_t k = 0; k <= of.migrations.size(); ++k) {
            snapshots.push_back(snapshot_at(of, k));
        }
        for (auto const& file : of.migrations) {
            for (auto const& one : file.changes) {
                known.insert(one.id);
            }
        }
    }

    plan const& compiled;
    std::vector<look_alike> pairs;
    std::vector<catalog::snapshot> snapshots;
    std::set<catalog::object_id> known;
};

/// The change that touches an object next after version k.
change const* next_change(plan const& of, std::size_t k, catalog::object_id const& id)
{
    for (auto file = k; file < of.migrations.size(); ++file) {
        for (auto const& one : of.migrations[file].changes) {
            if (one.id == id) {
                return &one;
            }
        }
    }
    return nullptr;
}

/// The objects in which a catalog is not as version k has it.
std::vector<catalog::object_id> differing(picture const& of, std::size_t k, catalog::snapshot const& live)
{
    auto const& expected = of.snapshots[k];
    std::vector<catalog::object_id> found;
    for (auto const& id : of.known) {
        auto const wanted = expected.find(id);
        auto const there = live.find(id);
        bool const is_there = there != live.end();
        if (wanted != expected.end()) {
            if (!is_there || there->second.attributes != wanted->second.attributes) {
                found.push_back(id);
            }
        } else if (is_there && id.kind != "extension") {
            // The next file that touches it may make the same with IF NOT EXISTS.
            auto const* next = next_change(of.compiled, k, id);
            if (next == nullptr || !next->if_not_exists || next->after->attributes != there->second.attributes) {
                found.push_back(id);
            }
        }
    }
    return found;
}

struct expectation {
    std::vector<std::size_t> fitting;
    std::optional<std::size_t> partial;
};

expectation by_brute_force(picture const& of, catalog::snapshot const& live)
{
    expectation found;
    std::vector<std::vector<catalog::object_id>> all;
    for (std::size_t k = 0; k < of.snapshots.size(); ++k) {
        all.push_back(differing(of, k, live));
        if (all.back().empty()) {
            found.fitting.push_back(k);
        }
    }
    for (std::size_t k = 0; k + 1 < all.size(); ++k) {
        bool const is_part = !all[k].empty() && std::none_of(all[k].begin(), all[k].end(), [&](auto const& id) {
            return std::find(all[k + 1].begin(), all[k + 1].end(), id) != all[k + 1].end();
        });
        // As the next version has it, and not merely ahead of a later one.
        auto const& next = of.snapshots[k + 1];
        bool const is_as_next = std::all_of(all[k].begin(), all[k].end(), [&](auto const& id) {
            auto const wanted = next.find(id);
            auto const there = live.find(id);
            return wanted == next.end() ? there == live.end() || id.kind == "extension"
                                        : there != live.end() && there->second.attributes == wanted->second.attributes;
        });
        if (is_part && is_as_next) {
            found.partial = k;
        }
    }
    return found;
}

void expect_as_by_brute_force(picture const& of, catalog::snapshot const& live, probe_answers const& answers)
{
    auto const expected = by_brute_force(of, live);
    auto const found = locate(of.compiled, live, answers, {});
    ASSERT_EQ(found.fitting, expected.fitting);
    if (found.denied_by) {
        ASSERT_EQ(name_of(found.is), "drift");
        ASSERT_GE(found.version, *found.denied_by);
        ASSERT_LT(expected.fitting.front(), *found.denied_by);
        ASSERT_TRUE(does_more_than_it_shows(of.compiled.migrations[*found.denied_by - 1]));
    } else if (!expected.fitting.empty()) {
        ASSERT_NE(name_of(found.is), "drift");
        ASSERT_NE(name_of(found.is), "partial");
        ASSERT_TRUE(std::find(expected.fitting.begin(), expected.fitting.end(), found.version) !=
                    expected.fitting.end());
        // Two neighbours that one database fits are a pair that compiling knows of.
        for (std::size_t i = 0; i + 1 < expected.fitting.size(); ++i) {
            look_alike const pair{expected.fitting[i], expected.fitting[i + 1]};
            ASSERT_TRUE(std::find(of.pairs.begin(), of.pairs.end(), pair) != of.pairs.end())
                << pair.low << " and " << pair.high;
        }
    } else if (auto const by = expected.partial ? done_behind(of.compiled, *expected.partial, answers) : std::nullopt) {
        ASSERT_EQ(name_of(found.is), "drift"); // no part of it, if what comes behind it has run
        ASSERT_GE(found.version, *by);
    } else if (expected.partial) {
        ASSERT_EQ(name_of(found.is), "partial");
        ASSERT_EQ(found.version, *expected.partial);
    } else {
        ASSERT_EQ(name_of(found.is), "drift");
        std::size_t fewest = differing(of, found.version, live).size();
        for (std::size_t k = 0; k <= versions; ++k) {
            ASSERT_GE(differing(of, k, live).size(), fewest);
        }
        ASSERT_FALSE(found.drift.empty());
    }
}

/// The true answers of a database at version k, whose probes nothing undoes.
probe_answers at_version(plan const& of, std::size_t k)
{
    probe_answers answers;
    for (auto const& one : of.probes) {
        answers[one.name] = index_of(of, one.version).value() <= k;
    }
    return answers;
}

/// Whether any file after k up to `version` does work that nothing shows.
bool skips_work(plan const& of, std::size_t k, std::size_t version)
{
    for (auto at = k; at < version; ++at) {
        if (does_more_than_it_shows(of.migrations[at]) || of.migrations[at].changes.empty()) {
            return true;
        }
    }
    return false;
}

class random_history : public testing::TestWithParam<unsigned> {};

TEST_P(random_history, every_version_is_located)
{
    generator random{GetParam()};
    auto const plan = random.plan();
    picture const known{plan.built()};
    for (std::size_t k = 0; k <= versions; ++k) {
        auto const answers = at_version(plan.built(), k);
        expect_as_by_brute_force(known, plan.at(k), answers);
        auto const found = plan.locate(plan.at(k), answers);
        if (name_of(found.is) == "ambiguous") {
            // Never for a plan that compiles: there is a pair without an answer, or the database is one of those that
            // the probes of a version between speak for.
            EXPECT_FALSE(without_an_answer(plan.built()).empty());
        } else {
            EXPECT_FALSE(skips_work(plan.built(), k, found.version)) << k << " taken for " << found.version;
            EXPECT_FALSE(skips_work(plan.built(), found.version, k)) << k << " taken for " << found.version;
        }
    }
}

TEST_P(random_history, with_every_answer_no_version_is_ambiguous)
{
    generator random{GetParam()};
    auto plan = random.plan();
    for (auto const& pair : without_an_answer(history{plan}.built())) {
        plan.probe(plan.built().migrations[pair.high - 1].version, "added");
    }
    ASSERT_TRUE(without_an_answer(plan.built()).empty());
    for (std::size_t k = 0; k <= versions; ++k) {
        auto const found = plan.locate(plan.at(k), at_version(plan.built(), k));
        EXPECT_NE(name_of(found.is), "ambiguous") << k;
        EXPECT_FALSE(skips_work(plan.built(), k, found.version)) << k << " taken for " << found.version;
        EXPECT_FALSE(skips_work(plan.built(), found.version, k)) << k << " taken for " << found.version;
    }
}

TEST_P(random_history, damage_is_judged_as_by_brute_force)
{
    generator random{GetParam()};
    auto const plan = random.plan();
    picture const known{plan.built()};
    for (int i = 0; i < 50; ++i) {
        auto const k = static_cast<std::size_t>(random.below(versions + 1));
        auto live = plan.at(k);
        random.touch(live);
        expect_as_by_brute_force(known, live, at_version(plan.built(), k));
        if (HasFatalFailure()) {
            return;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(plans, random_history, testing::Range(1U, 21U));

} // namespace
} // namespace pgratchet::plan
