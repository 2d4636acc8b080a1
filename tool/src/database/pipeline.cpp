// SPDX-License-Identifier: Apache-2.0
#include "database/pipeline.hpp"

#include "database/connect.hpp"
#include "interrupt/interrupt.hpp"

#include <libpq-fe.h>
#include <memory>

namespace pgratchet::database {

namespace {

struct result_closer {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using result_holder = std::unique_ptr<PGresult, result_closer>;

rows rows_of(PGresult const* result)
{
    rows all;
    auto const height = PQntuples(result);
    auto const width = PQnfields(result);
    all.reserve(static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y) {
        auto& line = all.emplace_back();
        line.reserve(static_cast<std::size_t>(width));
        for (int x = 0; x < width; ++x) {
            if (PQgetisnull(result, y, x) != 0) {
                line.emplace_back(std::nullopt);
            } else {
                line.emplace_back(std::in_place, PQgetvalue(result, y, x),
                                  static_cast<std::size_t>(PQgetlength(result, y, x)));
            }
        }
    }
    return all;
}

} // namespace

pipeline::pipeline(session& on) : m_session{on}
{
    demand(PQenterPipelineMode(m_session.raw()));
}

pipeline::~pipeline()
{
    auto* const raw = m_session.raw();
    auto const by_signal = m_session.by_signal();
    while (!m_awaited.empty() && PQstatus(raw) == CONNECTION_OK) {
        skip_group();
        take_ends_of_groups();
    }
    PQexitPipelineMode(raw);
}

void pipeline::send(std::string const& statement)
{
    refuse_zero_byte(statement);
    demand(PQsendQueryParams(m_session.raw(), statement.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0));
    m_awaited.push_back(awaited::answer);
}

void pipeline::end_group()
{
    demand(PQpipelineSync(m_session.raw()));
    m_awaited.push_back(awaited::end_of_group);
}

void pipeline::want_answers()
{
    demand(PQsendFlushRequest(m_session.raw()));
}

rows pipeline::receive()
{
    result_holder answer;
    {
        auto const by_signal = m_session.by_signal();
        take_ends_of_groups();
        answer.reset(PQgetResult(m_session.raw()));
    }
    auto const status = PQresultStatus(answer.get()); // of no answer, too: then the connection is lost
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY) {
        skip_group();
        m_session.raise();
    }
    take_end_of_answer();
    m_session.rethrow_from_receiver();
    return rows_of(answer.get());
}

void pipeline::demand(int accepted)
{
    if (accepted != 1) {
        m_session.raise();
    }
}

void pipeline::take_end_of_answer()
{
    while (result_holder{PQgetResult(m_session.raw())}) {
    }
    m_awaited.pop_front();
}

void pipeline::take_ends_of_groups()
{
    for (; !m_awaited.empty() && m_awaited.front() == awaited::end_of_group; m_awaited.pop_front()) {
        result_holder{PQgetResult(m_session.raw())};
    }
}

void pipeline::skip_group()
{
    if (!m_awaited.empty() && m_awaited.back() == awaited::answer && PQpipelineSync(m_session.raw()) == 1) {
        m_awaited.push_back(awaited::end_of_group); // a server that met an error skips everything up to it
    }
    while (!m_awaited.empty() && m_awaited.front() == awaited::answer) {
        take_end_of_answer();
    }
}

} // namespace pgratchet::database
