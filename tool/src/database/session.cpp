// SPDX-License-Identifier: Apache-2.0
#include "database/session.hpp"

#include "database/borrowed_connection.hpp"
#include "database/child_connection.hpp"
#include "database/connect.hpp"
#include "database/pipeline.hpp"
#include "interrupt/interrupt.hpp"

#include <array>
#include <exception>
#include <libpq-events.h>
#include <new>
#include <utility>

namespace pgratchet::database {

namespace {

bool ends_the_session(server_message const& fields)
{
    return fields.severity == "FATAL" || fields.severity == "PANIC";
}

rows all_rows(pqxx::result const& result)
{
    rows all;
    all.reserve(static_cast<std::size_t>(result.size()));
    for (auto const& line : result) {
        row values;
        values.reserve(static_cast<std::size_t>(line.size()));
        for (auto const& field : line) {
            if (field.is_null()) {
                values.emplace_back(std::nullopt);
            } else {
                values.emplace_back(std::in_place, field.c_str(), static_cast<std::size_t>(field.size()));
            }
        }
        all.push_back(std::move(values));
    }
    return all;
}

} // namespace

class session::implementation {
public:
    implementation(std::string const& conninfo, std::string const& application_name,
                   std::function<void(transport const&)> const& examine)
        : m_raw{connect(conninfo, application_name, examine)}, m_cancel{PQgetCancel(m_raw.get()), &PQfreeCancel},
          m_connection{m_raw.get()}
    {
        if (m_cancel == nullptr || PQregisterEventProc(m_raw.get(), &on_event, "pgratchet", this) == 0) {
            throw std::bad_alloc{};
        }
        // After libpqxx, which sets a receiver of its own.
        PQsetNoticeReceiver(m_raw.get(), &on_message, this);
    }

    rows execute(std::string const& sql)
    {
        refuse_zero_byte(sql);
        interrupt::check();
        m_error.reset();
        m_receiver_failure = nullptr;
        rows found;
        try {
            interrupt::cancelling const by_signal{&cancel_this, this};
            pqxx::nontransaction work{m_connection.get()};
            auto const result = work.exec(sql);
            refuse_copy();
            found = all_rows(result);
        } catch (std::bad_alloc const&) {
            throw;
        } catch (std::exception const& e) { // libpqxx 6 and 7 have no common base of their own
            note_own_error(e.what());
        }
        if (m_error) {
            raise();
        }
        rethrow_from_receiver();
        return found;
    }

    std::string quote(std::string const& text)
    {
        refuse_zero_byte(text);
        m_error.reset();
        try {
            return m_connection.get().quote(text);
        } catch (std::bad_alloc const&) {
            throw;
        } catch (std::exception const& e) { // libpqxx 6 and 7 have no common base of their own
            note_own_error(e.what());
        }
        raise();
    }

    [[nodiscard]] PGconn* raw() const noexcept { return m_raw.get(); }

    [[noreturn]] void raise()
    {
        m_receiver_failure = nullptr;
        if (!m_error) {
            note_own_error("the connection to the server is lost");
        }
        auto fields = *std::exchange(m_error, std::nullopt);
        if (ends_the_session(fields) || PQstatus(m_raw.get()) != CONNECTION_OK) {
            throw connection_lost{std::move(fields)};
        }
        if (fields.sqlstate == no_such_prepared_statement) { // a DEALLOCATE ALL that nobody told us of
            m_prepared.names.clear();
        }
        if (fields.sqlstate == "57014") { // query_canceled
            interrupt::check();
        }
        throw sql_error{std::move(fields)};
    }

    void rethrow_from_receiver()
    {
        if (m_receiver_failure) {
            std::rethrow_exception(std::exchange(m_receiver_failure, nullptr));
        }
    }

    void cancel() noexcept
    {
        std::array<char, 256> complaint{};
        PQcancel(m_cancel.get(), complaint.data(), static_cast<int>(complaint.size()));
    }

    static void cancel_this(void* self) noexcept { static_cast<implementation*>(self)->cancel(); }

    std::function<void(server_message const&)> m_receiver;
    prepared_statements m_prepared;
    std::string m_role;

private:
    /// Sees every result before libpqxx does; libpqxx keeps only the text and the SQLSTATE.
    static int on_event(PGEventId id, void* info, void* self) noexcept
    {
        if (id == PGEVT_RESULTCREATE) {
            auto const* const result = static_cast<PGEventResultCreate const*>(info)->result;
            if (PQresultStatus(result) == PGRES_FATAL_ERROR) {
                static_cast<implementation*>(self)->note_error(fields_of(result));
            }
        }
        return 1;
    }

    /// An exception must not pass through libpq's frames, so it waits for the end of execute().
    static void on_message(void* self, PGresult const* result) noexcept
    {
        auto& me = *static_cast<implementation*>(self);
        try {
            auto fields = fields_of(result);
            if (ends_the_session(fields)) { // said to an idle connection, it reaches us as a notice
                me.note_error(std::move(fields));
            } else if (me.m_receiver) {
                me.m_receiver(fields);
            }
        } catch (...) {
            me.m_receiver_failure = std::current_exception();
        }
    }

    void note_error(server_message fields)
    {
        // What the server said comes first; libpq's "server closed the connection" after it tells less.
        if (!m_error || (m_error->sqlstate.empty() && !fields.sqlstate.empty())) {
            m_error = std::move(fields);
        }
    }

    void note_own_error(char const* what)
    {
        server_message fields;
        fields.severity = "ERROR";
        auto const* const from_libpq = PQerrorMessage(m_raw.get());
        fields.message = trimmed(*from_libpq == '\0' ? what : from_libpq);
        note_error(std::move(fields));
    }

    /// COPY with the client as its end would leave the connection waiting for data that never comes.
    void refuse_copy()
    {
        if (leave_copy(m_raw.get())) {
            server_message fields;
            fields.severity = "ERROR";
            fields.sqlstate = "0A000";
            fields.message = "COPY to or from the client cannot be used here";
            m_error = std::move(fields); // over what the server says to the end of its COPY
        }
    }

    raw_connection m_raw;
    std::unique_ptr<PGcancel, decltype(&PQfreeCancel)> m_cancel;
    borrowed_connection m_connection;
    std::optional<server_message> m_error;
    std::exception_ptr m_receiver_failure;
};

session::session(std::string const& conninfo, std::string const& application_name,
                 std::function<void(transport const&)> const& examine)
    : m_implementation{std::make_unique<implementation>(conninfo, application_name, examine)}
{
    try {
        m_implementation->m_role = execute("SELECT CURRENT_USER").at(0).at(0).value();
    } catch (sql_error const& problem) {
        throw connection_lost{problem.fields()};
    }
}

session::~session() = default;
session::session(session&&) noexcept = default;
session& session::operator=(session&&) noexcept = default;

rows session::execute(std::string const& sql)
{
    return m_implementation->execute(sql);
}

void session::forget_prepared()
{
    prepared().names.clear();
}

session::prepared_statements& session::prepared()
{
    return m_implementation->m_prepared;
}

std::string session::quote(std::string const& text) const
{
    return m_implementation->quote(text);
}

void session::on_notice(std::function<void(server_message const&)> receiver)
{
    m_implementation->m_receiver = std::move(receiver);
}

PGconn* session::raw() const
{
    return m_implementation->raw();
}

void session::raise()
{
    m_implementation->raise();
}

void session::rethrow_from_receiver()
{
    m_implementation->rethrow_from_receiver();
}

interrupt::cancelling session::by_signal() const
{
    return {&implementation::cancel_this, m_implementation.get()};
}

int session::server_version() const
{
    return PQserverVersion(m_implementation->raw());
}

std::string const& session::role() const
{
    return m_implementation->m_role;
}

int session::backend_pid() const
{
    return PQbackendPID(m_implementation->raw());
}

transaction_status session::status() const
{
    switch (PQtransactionStatus(m_implementation->raw())) {
    case PQTRANS_IDLE:
        return transaction_status::idle;
    case PQTRANS_ACTIVE:
        return transaction_status::active;
    case PQTRANS_INTRANS:
        return transaction_status::in_transaction;
    case PQTRANS_INERROR:
        return transaction_status::failed;
    case PQTRANS_UNKNOWN:
        break;
    }
    return transaction_status::unknown;
}

child_connection session::for_child(std::string const& application_name) const
{
    return child_connection_of(m_implementation->raw(), application_name);
}

void session::cancel() noexcept
{
    m_implementation->cancel();
}

} // namespace pgratchet::database
