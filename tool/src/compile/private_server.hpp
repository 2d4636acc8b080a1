// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/local_server.hpp"
#include "database/session.hpp"

#include <memory>
#include <optional>
#include <string>

namespace pgratchet::compile {

/// The private server on which one compile or rehearsal at a time works. It is as initdb makes it when one begins:
/// what the one before has left is removed, and where that is not enough the whole cluster is made anew.
class private_server {
public:
    /// Waits for its turn, as long as that takes. Throws configuration_error, or connection_lost.
    explicit private_server(database::local_server::options);

    /// A session with the database postgres. Of another one after clean().
    [[nodiscard]] database::session& admin() { return *m_admin; }

    [[nodiscard]] std::unique_ptr<database::session> connect(std::string const& database,
                                                             std::string const& application_name) const;

    /// Removes all that was made since it began.
    void clean();

    /// The same at the end, as far as that is done quickly: the next one does the rest.
    void leave() noexcept;

private:
    void begin();
    void connect_and_wait();
    [[nodiscard]] bool come_again();
    void take_turn();
    void tell_that_it_waits();

    /// Why the cluster is of no use any more; nothing if it is as initdb makes it.
    [[nodiscard]] std::optional<std::string> spoilt_by();
    void remove_what_can_be_dropped();

    database::local_server::options m_options;
    std::optional<database::local_server> m_server;
    std::unique_ptr<database::session> m_admin;
    bool m_has_told = false;
};

} // namespace pgratchet::compile
