# SPDX-License-Identifier: Apache-2.0
"""What a generated migration can do. A move looks at the model, adds statements that are valid there, and changes the
model alike; it answers False, with nothing added, where it has nothing to work on."""

from . import access, routines, table_parts, tables, types, views  # noqa: F401  (they register their moves)
from .world import MOVES, Thing, World  # noqa: F401
