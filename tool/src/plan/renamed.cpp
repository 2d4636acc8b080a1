// SPDX-License-Identifier: Apache-2.0
#include "plan/renamed.hpp"

#include "catalog/identity.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace pgratchet::plan {

namespace {

bool stands_alone(catalog::object const& one)
{
    return one.root == one.id.identity;
}

/// Pairs what went with what came.
class matching {
public:
    matching(effect const& changes, lookup const& before)
    {
        for (auto const& one : changes) {
            auto const* const was = before(one.id);
            if (!one.after && was != nullptr) {
                m_gone.push_back(was);
            } else if (one.after && was == nullptr) {
                m_come.push_back(&*one.after);
            }
        }
    }

    /// First what stands alone, then what hangs on it; first what kept its own name, then what kept it but for the
    /// types of arguments, then what is the only one of its kind and place.
    std::vector<renaming> run()
    {
        for (bool const alone : {true, false}) {
            for (auto const by : {likeness::name, likeness::name_of_routine, likeness::place}) {
                pair(alone, by);
            }
            for (auto const& one : m_found) {
                m_new_roots.emplace(one.from.identity, one.to.identity);
            }
        }
        return std::move(m_found);
    }

private:
    using objects = std::vector<catalog::object const*>;
    enum class likeness { name, name_of_routine, place };

    void pair(bool alone, likeness by)
    {
        auto const come = grouped(m_come, alone, by, {});
        for (auto const& [key, gone] : grouped(m_gone, alone, by, m_new_roots)) {
            auto const place = come.find(key);
            if (gone.size() == 1 && place != come.end() && place->second.size() == 1) {
                m_found.push_back({gone.front()->id, place->second.front()->id});
                std::erase(m_gone, gone.front());
                std::erase(m_come, place->second.front());
            }
        }
    }

    static std::string name_by(likeness by, catalog::object const& one)
    {
        auto const name = by == likeness::place ? std::string{} : catalog::own_name(one);
        return by == likeness::name_of_routine ? name.substr(0, name.find('(')) : name;
    }

    static std::map<std::string, objects> grouped(objects const& all, bool alone, likeness by,
                                                  std::map<std::string, std::string> const& new_roots)
    {
        std::map<std::string, objects> groups;
        for (auto const* const one : all) {
            if (stands_alone(*one) != alone) {
                continue;
            }
            auto const moved = new_roots.find(one->root);
            auto const root = alone ? std::string{} : moved == new_roots.end() ? one->root : moved->second;
            groups[one->id.kind + '\0' + root + '\0' + name_by(by, *one)].push_back(one);
        }
        return groups;
    }

    objects m_gone;
    objects m_come;
    std::map<std::string, std::string> m_new_roots; ///< by the old ones
    std::vector<renaming> m_found;
};

} // namespace

std::vector<renaming> renamings_in(effect const& of_statement, lookup const& before)
{
    return matching{of_statement, before}.run();
}

void origins::follow(effect const& changes, std::vector<renaming> const& renamed)
{
    std::map<catalog::object_id, std::optional<catalog::object_id>> next;
    for (auto const& one : changes) {
        if (!one.after) {
            next.emplace(one.id, std::nullopt);
        }
    }
    for (auto const& one : renamed) {
        next.emplace(one.from, std::nullopt);
    }
    for (auto const& one : renamed) {
        next.insert_or_assign(one.to, of(one.from));
    }
    for (auto& [id, origin] : next) {
        m_known.insert_or_assign(id, std::move(origin));
    }
}

std::optional<catalog::object_id> origins::of(catalog::object_id const& id) const
{
    auto const place = m_known.find(id);
    return place == m_known.end() ? std::optional{id} : place->second;
}

} // namespace pgratchet::plan
