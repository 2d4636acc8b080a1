# SPDX-License-Identifier: Apache-2.0
# The rim: sessions (the one place with libpqxx), the local server, child programs, and what interrupts them.
target_sources(pgratchet_database PRIVATE
  src/database/child_connection.cpp
  src/database/child_process.cpp
  src/database/cluster.cpp
  src/database/connect.cpp
  src/database/exceptions.cpp
  src/database/local_server.cpp
  src/database/other_database.cpp
  src/database/pipeline.cpp
  src/database/redact.cpp
  src/database/server_folder.cpp
  src/database/server_process.cpp
  src/database/server_programs.cpp
  src/database/session.cpp
  src/database/transport.cpp
  src/interrupt/build.cpp
  src/interrupt/interrupt.cpp
  src/interrupt/watch.cpp)
