// SPDX-License-Identifier: Apache-2.0
#include "restore/properties.hpp"

#include <algorithm>

namespace pgratchet::restore {

std::vector<std::string> elements_of_list(std::string const& stored)
{
    std::vector<std::string> found;
    std::size_t at = 0;
    auto const skip_blanks = [&] {
        at = std::min(stored.find_first_not_of(" \t\n\r", at), stored.size());
    };
    for (skip_blanks(); at < stored.size(); skip_blanks()) {
        std::string element;
        if (stored[at] == '"') {
            for (++at; at < stored.size() && (stored[at] != '"' || stored.compare(at, 2, "\"\"") == 0); ++at) {
                at += stored[at] == '"' ? 1U : 0U; // the second of two
                element += stored[at];
            }
            at = std::min(stored.find(',', at), stored.size());
        } else {
            auto const end = std::min(stored.find(',', at), stored.size());
            element = stored.substr(at, end - at);
            element.erase(element.find_last_not_of(" \t\n\r") + 1);
            at = end;
        }
        ++at; // over the comma
        found.push_back(std::move(element));
    }
    return found;
}

} // namespace pgratchet::restore
