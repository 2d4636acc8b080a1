// SPDX-License-Identifier: Apache-2.0
#include "database/child_connection.hpp"

#include "database/redact.hpp"
#include "errors.hpp"
#include "files/descriptor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <libpq-fe.h>
#include <new>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace pgratchet::database {

namespace {

constexpr auto service_name = "pgratchet";

/// Options that the child sets itself, or that were of use only to find the server. PGCLIENTENCODING would make
/// pg_dump convert the data, away from the encoding of the database.
bool is_left_out(std::string_view keyword)
{
    static constexpr std::array names{"service",
                                      "servicefile",
                                      "client_encoding",
                                      "fallback_application_name",
                                      "host",
                                      "hostaddr",
                                      "port",
                                      "application_name",
                                      "authtype",
                                      "tty",
                                      "replication"};
    return std::ranges::find(names, keyword) != names.end();
}

/// A service file that has no place on any disk, so that none is left behind: the child opens it as
/// /proc/PID/fd/N. PostgreSQL manual, "The Connection Service File".
std::shared_ptr<files::descriptor> service_file(std::string const& lines)
{
    auto file = std::make_shared<files::descriptor>(memfd_create("service", MFD_CLOEXEC));
    auto const text = "[" + std::string{service_name} + "]\n" + lines;
    if (file->get() < 0 || write(file->get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        throw configuration_error{std::string{"cannot keep connection options for a child program: "} +
                                  std::strerror(errno)};
    }
    return file;
}

/// A value as a line of a service file; there is no quoting in it, and blanks at its end are lost.
std::string line_for(std::string const& keyword, std::string const& value)
{
    if (value.find_first_of("\r\n") != std::string::npos || value.find_last_not_of(" \t") + 1 != value.size()) {
        throw configuration_error{"the value of the connection option " + keyword +
                                      " has a line feed in it or a blank at its end, and cannot be given to pg_dump",
                                  "give it another value, without blanks at its end"};
    }
    return keyword + "=" + value + "\n";
}

void name_the_server(child_connection& made, PGconn* connection)
{
    auto const text = [](char const* value) {
        return std::string{value == nullptr ? "" : value};
    };
    made.environment["PGHOST"] = text(PQhost(connection));
    made.environment["PGPORT"] = text(PQport(connection));
    if (auto const address = text(PQhostaddr(connection)); !address.empty()) {
        made.environment["PGHOSTADDR"] = address; // a name may have several, and the next look-up another order
    }
}

} // namespace

command child_connection::apply_to(command what) const
{
    for (auto const& [name, value] : environment) {
        what.environment[name] = value;
    }
    what.unset.insert(what.unset.end(), unset.begin(), unset.end());
    return what;
}

std::string child_connection::hide(std::string text) const
{
    connection_string parts;
    parts.valid = true;
    parts.quotable = true;
    parts.secrets = secrets;
    return parts.hide(std::move(text));
}

child_connection child_connection_of(PGconn* connection, std::string const& application_name)
{
    auto const options =
        std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>{PQconninfo(connection), &PQconninfoFree};
    if (options == nullptr) {
        throw std::bad_alloc{};
    }
    child_connection made;
    made.unset = {"PGSERVICE", "PGSERVICEFILE", "PGCLIENTENCODING"};
    std::string service_lines;
    for (auto const* option = options.get(); option->keyword != nullptr; ++option) {
        auto const has_variable = option->envvar != nullptr;
        if (has_variable) {
            made.unset.emplace_back(option->envvar);
        }
        if (option->val == nullptr || *option->val == '\0' || is_left_out(option->keyword)) {
            continue;
        }
        if (is_secret(option->keyword)) {
            made.secrets.emplace_back(option->val);
        }
        if (has_variable) {
            made.environment[option->envvar] = option->val;
        } else if (option->compiled == nullptr || std::string_view{option->compiled} != option->val) {
            service_lines += line_for(option->keyword, option->val);
        }
    }
    std::ranges::sort(made.secrets, std::ranges::greater{}, &std::string::size);
    name_the_server(made, connection);
    made.environment["PGAPPNAME"] = application_name;
    made.environment.try_emplace("PGCONNECT_TIMEOUT", "10"); // as our own sessions have it
    made.environment["PG_COLOR"] = "never";                  // what it prints goes into messages
    if (!service_lines.empty()) {
        auto const file = service_file(service_lines);
        made.environment["PGSERVICEFILE"] = "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(file->get());
        made.environment["PGSERVICE"] = service_name;
        made.service = file;
    }
    return made;
}

} // namespace pgratchet::database
