// SPDX-License-Identifier: Apache-2.0
#include "database/transport.hpp"

#include <memory>
#include <string>

namespace pgratchet::database {

namespace {

bool is_local(std::string_view host)
{
    return host.empty() || host.front() == '/' || host.front() == '@' || host == "localhost" || host == "::1" ||
           host.starts_with("127.");
}

} // namespace

bool are_local(std::string_view hosts)
{
    for (;;) {
        auto const comma = hosts.find(',');
        if (!is_local(hosts.substr(0, comma))) {
            return false;
        }
        if (comma == std::string_view::npos) {
            return true;
        }
        hosts.remove_prefix(comma + 1);
    }
}

transport transport_of(PGconn* connection)
{
    auto const options =
        std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>{PQconninfo(connection), &PQconninfoFree};
    auto const value = [&](std::string_view keyword) {
        for (auto const* one = options.get(); one != nullptr && one->keyword != nullptr; ++one) {
            if (one->keyword == keyword && one->val != nullptr) {
                return std::string{one->val};
            }
        }
        return std::string{};
    };
    // An address decides where a host is given beside it, which is then only a name for the certificate.
    auto const address = value("hostaddr");
    transport found;
    found.is_local = are_local(address.empty() ? value("host") : address);
    found.sslmode = value("sslmode");
    found.is_verified = found.sslmode == "verify-full" || value("gssencmode") == "require";
    return found;
}

} // namespace pgratchet::database
