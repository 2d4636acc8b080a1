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
    auto const by_signal = m_session.by_signal(); // a server at work may not take it yet
    demand(PQsendQueryParams(m_session.raw(), statement.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0));
    m_awaited.push_back({kind::answer, {}});
}

void pipeline::send_prepared(std::string const& statement, std::vector<std::string> const& values)
{
    std::vector<char const*> texts;
    texts.reserve(values.size());
    for (auto const& one : values) {
        refuse_zero_byte(one);
        texts.push_back(one.c_str());
    }
    auto const by_signal = m_session.by_signal();
    demand(PQsendQueryPrepared(m_session.raw(), prepare(statement).c_str(), static_cast<int>(texts.size()),
                               texts.data(), nullptr, nullptr, 0));
    m_awaited.push_back({kind::answer, {}});
}

std::string const& pipeline::prepare(std::string const& statement)
{
    auto& known = m_session.prepared();
    auto const [place, is_new] = known.names.try_emplace(statement);
    if (is_new) {
        place->second = "pgratchet_" + std::to_string(++known.made);
        demand(PQsendPrepare(m_session.raw(), place->second.c_str(), statement.c_str(), 0, nullptr));
        m_awaited.push_back({kind::preparation, statement});
    }
    return place->second;
}

void pipeline::end_group()
{
    auto const by_signal = m_session.by_signal();
    demand(PQpipelineSync(m_session.raw()));
    m_awaited.push_back({kind::end_of_group, {}});
}

void pipeline::want_answers()
{
    demand(PQsendFlushRequest(m_session.raw()));
}

rows pipeline::receive()
{
    for (;;) {
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
        bool const is_preparation = !m_awaited.empty() && m_awaited.front().of == kind::preparation;
        take_answer(false);
        m_session.rethrow_from_receiver();
        if (!is_preparation) {
            return rows_of(answer.get());
        }
    }
}

void pipeline::demand(int accepted)
{
    if (accepted != 1) {
        m_session.raise();
    }
}

void pipeline::take_answer(bool has_failed)
{
    while (result_holder{PQgetResult(m_session.raw())}) {
    }
    if (has_failed && m_awaited.front().of == kind::preparation) {
        m_session.prepared().names.erase(m_awaited.front().prepared);
    }
    m_awaited.pop_front();
}

void pipeline::take_ends_of_groups()
{
    for (; !m_awaited.empty() && m_awaited.front().of == kind::end_of_group; m_awaited.pop_front()) {
        result_holder{PQgetResult(m_session.raw())};
    }
}

void pipeline::skip_group()
{
    if (!m_awaited.empty() && m_awaited.back().of != kind::end_of_group && PQpipelineSync(m_session.raw()) == 1) {
        m_awaited.push_back({kind::end_of_group, {}}); // a server that met an error skips everything up to it
    }
    while (!m_awaited.empty() && m_awaited.front().of != kind::end_of_group) {
        take_answer(true);
    }
}

} // namespace pgratchet::database
