// SPDX-License-Identifier: Apache-2.0
#include "plan/cut_off.hpp"

#include "plan/agreement.hpp"
#include "plan/effect.hpp"
#include "plan/look_alike.hpp"
#include "plan/out_of_sight.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pgratchet::plan {

namespace {

/// A version, or where in the middle of its file.
struct place {
    std::size_t version = 0;
    std::size_t statements_done = 0; ///< 0: all
};

/// A plan in which each file without a transaction is as many as it has statements that show, and which place each of
/// its versions stands for, 0 first.
struct in_pieces {
    plan pieces;
    std::vector<place> places{{}};
};

bool has_a_middle(plan const& of, std::size_t k, std::size_t baseline)
{
    auto const& one = of.migrations[k];
    return one.mode == script::transaction_mode::none && one.statements.size() > 1 && k >= baseline;
}

/// Those of several renamings that an effect holds.
std::vector<renaming> within(effect const& changes, std::vector<renaming> all)
{
    auto const becomes = [&](catalog::object_id const& id, bool is_there) {
        return std::ranges::any_of(
            changes, [&](change const& one) { return one.id == id && one.after.has_value() == is_there; });
    };
    std::erase_if(all, [&](renaming const& one) { return !becomes(one.from, false) || !becomes(one.to, true); });
    return all;
}

/// Adds the pieces of migration k + 1, and plays it on the catalog.
void take_apart(plan const& of, std::size_t k, catalog::snapshot& now, in_pieces& into)
{
    auto const& whole = of.migrations[k];
    auto const start = into.pieces.migrations.size();
    effect_sum sum;
    for (std::size_t i = 0; i < whole.statements.size(); ++i) {
        auto const& done = whole.statements[i];
        catalog::snapshot before;
        for (auto const& one : done) {
            if (auto const* was = catalog::find(now, one.id)) {
                before.emplace(one.id, *was);
            }
        }
        bool const ends_piece = shows(of, done, now);
        sum.add(done, std::move(before));
        play(done, now);
        bool const is_last = i + 1 == whole.statements.size();
        if (is_last && into.pieces.migrations.size() > start && !ends_piece) { // may be missed
            auto const rest = sum.result();
            auto& last = into.pieces.migrations.back().changes;
            last.insert(last.end(), rest.begin(), rest.end());
        } else if (is_last || ends_piece) {
            auto piece = whole;
            piece.version += "." + std::to_string(i + 1);
            piece.changes = std::exchange(sum, {}).result();
            piece.renamed = within(piece.changes, std::move(piece.renamed));
            into.pieces.migrations.push_back(std::move(piece));
            into.places.push_back({k + 1, i + 1});
        }
    }
    into.pieces.migrations.back().version = whole.version;
    into.places.back().statements_done = 0;
}

in_pieces pieces_of(plan const& of, std::size_t baseline)
{
    in_pieces all{of};
    all.pieces.migrations.clear();
    auto now = of.initial;
    for (std::size_t k = 0; k < of.migrations.size(); ++k) {
        if (has_a_middle(of, k, baseline)) {
            take_apart(of, k, now, all);
        } else {
            play(of.migrations[k].changes, now);
            all.pieces.migrations.push_back(of.migrations[k]);
            all.places.push_back({k + 1, 0});
        }
    }
    return all;
}

/// Owners, privileges and comments: what may be among it is not compared.
bool may_set_what_is_not_compared(migration const& one)
{
    return std::ranges::any_of(one.changes, [](change const& each) {
        return catalog::belongs_to_effect_only(each.id) ||
               (each.after && std::ranges::any_of(each.after->attributes, [](auto const& attribute) {
                    return !catalog::compared_for_drift(attribute.first);
                }));
    });
}

/// Where both fit a database that is whole, locate chooses; a cut-off run is asked for only if none fits. So it is
/// taken for the whole version: if that is the lower one, what lies between is done again, else never.
bool is_mistaken(in_pieces const& of, look_alike const& pair)
{
    auto const first = of.pieces.migrations.begin() + static_cast<std::ptrdiff_t>(pair.low);
    auto const last = of.pieces.migrations.begin() + static_cast<std::ptrdiff_t>(pair.high);
    bool const works_on_rows = std::any_of(first, last, [](migration const& one) { return !one.schema_only; });
    bool const is_higher_whole = of.places[pair.high].statements_done == 0;
    return works_on_rows || (is_higher_whole && (!may_take_higher(of.pieces, pair.low, pair.high) ||
                                                 std::any_of(first, last, may_set_what_is_not_compared)));
}

} // namespace

bool shows(plan const& of, effect const& done, catalog::snapshot const& before)
{
    return std::any_of(done.begin(), done.end(), [&](change const& one) {
        if (catalog::belongs_to_effect_only(one.id)) {
            return false;
        }
        auto const* was = catalog::find(before, one.id);
        if (was == nullptr || !one.after) {
            return !tolerated(of, {}, one.id, "*");
        }
        auto const found = catalog::differences(*was, *one.after, {});
        return std::any_of(found.begin(), found.end(),
                           [&](auto const& each) { return !tolerated(of, {}, one.id, each.attribute); });
    });
}

std::vector<mistaken_cut_off> mistaken_cut_offs(plan const& of)
{
    auto const baseline = of.baseline ? index_of(of, *of.baseline).value_or(0) : 0;
    std::vector<mistaken_cut_off> found;
    bool is_any = false;
    for (std::size_t k = 0; k < of.migrations.size(); ++k) {
        is_any = is_any || has_a_middle(of, k, baseline);
    }
    if (!is_any) {
        return found;
    }
    auto const all = pieces_of(of, baseline);
    for (auto const& pair : look_alikes(all.pieces)) {
        auto const& low = all.places[pair.low];
        auto const& high = all.places[pair.high];
        bool const is_about_a_middle = low.statements_done > 0 || high.statements_done > 0;
        if (is_about_a_middle && is_mistaken(all, pair)) {
            auto const& [middle, other] = high.statements_done > 0 ? std::pair{high, low} : std::pair{low, high};
            found.push_back({middle.version, middle.statements_done, other.version});
        }
    }
    return found;
}

} // namespace pgratchet::plan
