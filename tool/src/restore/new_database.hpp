// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"
#include "restore/original.hpp"

#include <functional>
#include <memory>
#include <string>

namespace pgratchet::restore {

/// A session with some other database of the same server, from which this one can be renamed: postgres, template1, or
/// whichever lets us in. Throws state_refused if none does, or if the connection string leads to another server.
[[nodiscard]] std::unique_ptr<database::session> maintenance_session(database::session& with_original, original const&,
                                                                     database::connector const&);

/// An empty database like the original, which is dropped when this goes: unless it got the original's name meanwhile,
/// since it is known by its own.
class new_database {
public:
    /// `admin` and the connector must outlive this. Throws database::sql_error; nothing is left then.
    new_database(database::session& admin, database::connector const&, original const& like, std::string name);
    ~new_database();
    new_database(new_database const&) = delete;
    new_database& operator=(new_database const&) = delete;

    [[nodiscard]] std::string const& name() const noexcept { return m_name; }
    [[nodiscard]] std::string const& oid() const noexcept { return m_oid; }

    /// The one that `admin` is connected with, from which it can be made, renamed and dropped.
    [[nodiscard]] std::string const& maintenance_database() const noexcept { return m_maintenance; }

    /// It is nobody's to drop any more.
    void release() noexcept { m_is_ours = false; }

private:
    void drop();

    database::session& m_admin;
    database::connector const& m_connect;
    std::string m_maintenance;
    std::string m_name;
    std::string m_oid;
    bool m_is_ours = true;
};

} // namespace pgratchet::restore
