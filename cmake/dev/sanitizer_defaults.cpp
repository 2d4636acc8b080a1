// SPDX-License-Identifier: Apache-2.0
// Compiled into every sanitized program, so that no environment variable has to be set.

extern "C" char const* __lsan_default_suppressions();

// libpqxx 6.4 keeps what it allocates for a connection that failed to open.
extern "C" char const* __lsan_default_suppressions()
{
    return "leak:libpqxx-6.4.so\n";
}
