// SPDX-License-Identifier: Apache-2.0
#include "database/connect.hpp"

#include "database/redact.hpp"
#include "database/transport.hpp"
#include "interrupt/interrupt.hpp"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <netdb.h>
#include <optional>
#include <poll.h>
#include <regex>
#include <string_view>
#include <utility>
#include <vector>

namespace pgratchet::database {

namespace {

using std::chrono::steady_clock;

constexpr int default_timeout = 10; // seconds
constexpr int between_checks = 100; // milliseconds

void drop_notice(void*, PGresult const*) {}

/// Keyword and value arrays as libpq wants them, ended by null pointers.
struct parameters {
    std::vector<char const*> keywords;
    std::vector<char const*> values;

    void set(char const* keyword, char const* value)
    {
        keywords.push_back(keyword);
        values.push_back(value);
    }
};

/// The string is taken apart before, and never expanded by libpq: what is no connection string for it
/// would count as a database name, and be quoted in the error.
parameters parameters_for(connection_string const& parts, std::string const& application_name)
{
    parameters all;
    for (auto const& [keyword, value] : parts.options) {
        if (keyword != "application_name" && keyword != "client_encoding") {
            all.set(keyword.c_str(), value.c_str());
        }
    }
    all.set("application_name", application_name.c_str());
    all.set("client_encoding", "UTF8");
    return all;
}

/// The timeout in force in seconds, from wherever libpq took it; nothing if the user wants to wait for ever.
std::optional<int> timeout_of(PGconn* connection)
{
    auto const options =
        std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>{PQconninfo(connection), &PQconninfoFree};
    for (auto const* option = options.get(); option != nullptr && option->keyword != nullptr; ++option) {
        if (std::string_view{option->keyword} == "connect_timeout" && option->val != nullptr && *option->val != '\0') {
            auto const text = std::string_view{option->val};
            int seconds = 0;
            std::from_chars(text.data(), text.data() + text.size(), seconds);
            if (seconds <= 0) {
                return std::nullopt;
            }
            return seconds < 2 ? 2 : seconds; // as libpq rounds it
        }
    }
    return default_timeout;
}

enum class progress { connected, refused, timed_out };

progress wait_for(PGconn* connection, std::optional<int> timeout)
{
    auto const deadline = steady_clock::now() + std::chrono::seconds{timeout.value_or(0)};
    auto step = PGRES_POLLING_WRITING;
    while (step != PGRES_POLLING_OK) {
        if (step == PGRES_POLLING_FAILED) {
            return progress::refused;
        }
        interrupt::check();
        pollfd socket{PQsocket(connection), static_cast<short>(step == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
        auto const ready = poll(&socket, 1, between_checks);
        if (ready == 0 && timeout && steady_clock::now() >= deadline) {
            return progress::timed_out;
        }
        if (ready > 0 || (ready < 0 && errno != EINTR)) {
            step = PQconnectPoll(connection);
        }
    }
    return progress::connected;
}

/// libpq goes on to the next host or address after a timeout, but only inside PQconnectdb.
bool has_more_addresses(connection_string const& parts)
{
    auto const host = parts.option("host");
    if (host.find(',') != std::string::npos || parts.option("hostaddr").find(',') != std::string::npos) {
        return true;
    }
    if (host.empty() || host.front() == '/' || host.front() == '@' || !parts.option("hostaddr").empty()) {
        return false;
    }
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), nullptr, &wanted, &found) != 0) {
        return false;
    }
    auto const more = found->ai_next != nullptr;
    freeaddrinfo(found);
    return more;
}

raw_connection begin(parameters all)
{
    all.set(nullptr, nullptr);
    auto connection = raw_connection{PQconnectStartParams(all.keywords.data(), all.values.data(), 0)};
    if (connection == nullptr) {
        throw std::bad_alloc{};
    }
    PQsetNoticeReceiver(connection.get(), &drop_notice, nullptr);
    PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
    return connection;
}

/// Lets libpq go through the addresses. What refuses then does so without an SQLSTATE, which only a connection tells
/// that was begun step by step: the last one is asked again.
progress try_all(raw_connection& connection, parameters all, std::optional<int> timeout)
{
    auto const seconds = std::to_string(timeout.value_or(default_timeout));
    all.set("connect_timeout", seconds.c_str());
    auto each = all;
    each.set(nullptr, nullptr);
    connection.reset(PQconnectdbParams(each.keywords.data(), each.values.data(), 0));
    if (connection == nullptr) {
        throw std::bad_alloc{};
    }
    if (PQstatus(connection.get()) == CONNECTION_OK) {
        PQsetNoticeReceiver(connection.get(), &drop_notice, nullptr);
        return progress::connected;
    }
    all.set("host", PQhost(connection.get()));
    all.set("hostaddr", PQhostaddr(connection.get()));
    all.set("port", PQport(connection.get()));
    auto again = begin(all);
    auto const state = PQstatus(again.get()) == CONNECTION_BAD ? progress::refused : wait_for(again.get(), timeout);
    if (state == progress::timed_out) {
        return progress::refused;
    }
    connection = std::move(again);
    return state;
}

/// Takes the SQLSTATE out of libpq's verbose text `FATAL:  28P01: password authentication failed...`. libpq has no
/// function that gives it for a connection that was never made. The severity may be localised; the two blanks are not.
server_message fields_of_refusal(std::string text)
{
    server_message fields;
    fields.severity = "FATAL";
    static std::regex const location{"\nLOCATION:[^\n]*|\n[^\n]*[a-z_]+\\.c:[0-9]+"};
    text = std::regex_replace(text, location, "");
    static std::regex const state{":  ([0-9A-Z]{5}): "};
    for (std::smatch match; std::regex_search(text, match, state);) {
        fields.sqlstate = match[1];
        text = match.prefix().str() + ": " + match.suffix().str();
    }
    fields.message = trimmed(std::move(text));
    return fields;
}

[[noreturn]] void refuse(connection_string const& parts, std::string text)
{
    auto fields = fields_of_refusal(std::move(text));
    fields.message = parts.hide(fields.message);
    if (fields.message.empty()) {
        fields.message = "the connection could not be made, and the reason cannot be shown without parts of the "
                         "connection string";
        fields.hint = "the user name or the password seems to hold one of : / ? # [ ] @; write it percent-encoded "
                      "(@ is %40, / is %2F)";
    }
    throw connection_lost{std::move(fields)};
}

} // namespace

std::string trimmed(std::string text)
{
    auto const end = text.find_last_not_of(" \t\r\n");
    text.erase(end == std::string::npos ? 0 : end + 1);
    return text;
}

void refuse_zero_byte(std::string const& text)
{
    if (text.find('\0') != std::string::npos) {
        server_message fields;
        fields.severity = "ERROR";
        fields.sqlstate = "22021";
        fields.message = "text for the server holds a zero byte";
        throw sql_error{std::move(fields)};
    }
}

server_message fields_of(PGresult const* result)
{
    auto const text = [result](int code) {
        auto const* const value = PQresultErrorField(result, code);
        return value == nullptr ? std::string{} : std::string{value};
    };
    auto const number = [&text](int code) {
        std::size_t value = 0;
        auto const digits = text(code);
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return value;
    };
    server_message fields;
    fields.severity = text(PG_DIAG_SEVERITY_NONLOCALIZED);
    if (fields.severity.empty()) {
        fields.severity = text(PG_DIAG_SEVERITY); // a server before 9.6, or a pooler
    }
    fields.sqlstate = text(PG_DIAG_SQLSTATE);
    fields.message = text(PG_DIAG_MESSAGE_PRIMARY);
    if (fields.message.empty()) {
        fields.message = trimmed(PQresultErrorMessage(result));
    }
    fields.detail = text(PG_DIAG_MESSAGE_DETAIL);
    fields.hint = text(PG_DIAG_MESSAGE_HINT);
    fields.context = text(PG_DIAG_CONTEXT);
    fields.internal_query = text(PG_DIAG_INTERNAL_QUERY);
    fields.position = number(PG_DIAG_STATEMENT_POSITION);
    fields.internal_position = number(PG_DIAG_INTERNAL_POSITION);
    fields.schema = text(PG_DIAG_SCHEMA_NAME);
    fields.table = text(PG_DIAG_TABLE_NAME);
    fields.column = text(PG_DIAG_COLUMN_NAME);
    fields.constraint = text(PG_DIAG_CONSTRAINT_NAME);
    return fields;
}

bool leave_copy(PGconn* in)
{
    if (PQtransactionStatus(in) != PQTRANS_ACTIVE) {
        return false;
    }
    PQputCopyEnd(in, "no data can be sent here");
    while (auto* const result = PQgetResult(in)) {
        if (PQresultStatus(result) == PGRES_COPY_OUT) {
            for (char* line = nullptr; PQgetCopyData(in, &line, 0) > 0;) {
                PQfreemem(line);
            }
        }
        PQclear(result);
    }
    return true;
}

raw_connection connect(std::string const& conninfo, std::string const& application_name,
                       std::function<void(transport const&)> const& examine)
{
    auto const parts = take_apart(conninfo);
    if (!parts.valid) {
        server_message fields;
        fields.severity = "FATAL";
        fields.message = "the connection string cannot be parsed; it is not shown, since it may hold a password";
        fields.hint = "write it as postgresql://user@host:port/database or as host=... dbname=..., and percent-encode "
                      "special characters in a URL's password";
        throw connection_lost{std::move(fields)};
    }
    auto connection = begin(parameters_for(parts, application_name));
    if (PQstatus(connection.get()) == CONNECTION_BAD) {
        refuse(parts, PQerrorMessage(connection.get()));
    }
    if (examine) {
        examine(transport_of(connection.get()));
    }
    auto const timeout = timeout_of(connection.get());
    auto state = wait_for(connection.get(), timeout);
    if (state == progress::timed_out && has_more_addresses(parts)) {
        state = try_all(connection, parameters_for(parts, application_name), timeout);
    }
    if (state == progress::timed_out) {
        refuse(parts, "no answer from the server within " + std::to_string(timeout.value_or(0)) + " seconds");
    }
    if (state == progress::refused) {
        refuse(parts, PQerrorMessage(connection.get()));
    }
    PQsetErrorVerbosity(connection.get(), PQERRORS_DEFAULT);
    return connection;
}

} // namespace pgratchet::database
