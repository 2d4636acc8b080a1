# SPDX-License-Identifier: Apache-2.0
"""Installs servers of the given major versions where PGRATCHET_TEST_SERVERS says, unless they are there."""

import sys

import postgres

for major in sys.argv[1:]:
    print(f"PostgreSQL {major}: {postgres.server_bindir(int(major))}")
