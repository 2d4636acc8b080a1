# SPDX-License-Identifier: Apache-2.0
"""The model of what exists in the database that a generated history builds."""

from .text import fresh_name, ident

MOVES = []  # (kind, weight, function); kind is one of GROW, CHANGE, ORNAMENT
GROW, CHANGE, ORNAMENT = "grow", "change", "ornament"


def move(kind, weight=1, since=0):
    """Registers a move. GROW makes something under a name that was never used before; ORNAMENT leaves nothing that tells two
    states apart (privileges, comments), so it never stands alone in a file. `since` is a server's major version."""
    def register(function):
        MOVES.append((kind, weight, since, function))
        return function
    return register


class Thing:
    """One object. It goes silently with its owner; what uses it stands in the way of dropping it."""

    def __init__(self, world, kind, name, schema=None, owner=None, uses=(), **facts):
        self.kind, self.name, self.schema, self.owner = kind, name, schema, owner
        self.uses = set(uses)
        self.born = world.file_number
        self.pinned = False  # a probe counts on it
        self.__dict__.update(facts)

    def __hash__(self):
        return id(self)

    def __eq__(self, other):
        return self is other

    def sql(self):
        """The name as statements write it, qualified where there is a schema."""
        return f"{ident(self.schema.name)}.{ident(self.name)}" if self.schema else ident(self.name)

    def only(self):
        return ident(self.name)


class World:
    def __init__(self, rng, server_major, role):
        self.rng, self.server_major, self.role = rng, server_major, role
        self.file_number = 0
        self._count = 0
        self._things = {}  # in order of birth: sets would make the choice depend on addresses
        self.public = self.add(Thing(self, "schema", "public"))
        self.public.pinned = True

    # ---- Names and choice ----

    def fresh(self, word):
        self._count += 1
        return fresh_name(self.rng, word, self._count)

    def number(self):
        self._count += 1
        return self._count

    def add(self, thing):
        self._things[thing] = None
        return thing

    def all(self, *kinds, where=None):
        return [t for t in self._things if t.kind in kinds and (where is None or where(t))]

    def old(self, *kinds, where=None):
        """What earlier files made. Changing only these keeps a file from undoing itself."""
        return self.all(*kinds, where=lambda t: t.born < self.file_number and (where is None or where(t)))

    def pick(self, found):
        return self.rng.choice(found) if found else None

    def some_schema(self):
        return self.rng.choice(self.all("schema") + [self.public] * 2)

    def chance(self, probability):
        return self.rng.random() < probability

    # ---- Dependencies ----

    def users(self, thing):
        return [t for t in self._things if thing in t.uses]

    def owned(self, thing):
        """The thing and all that goes with it silently."""
        found, queue = {thing: None}, [thing]
        while queue:
            current = queue.pop()
            for t in self._things:
                if t not in found and (t.owner is current or (t.schema is current and current.kind == "schema")):
                    found[t] = None
                    queue.append(t)
        return list(found)

    def gone_with(self, thing):
        """All that DROP ... CASCADE takes along, the thing itself first."""
        found, queue = {thing: None}, [thing]
        while queue:
            current = queue.pop()
            for t in self._things:
                if t not in found and (t.owner is current or t.schema is current or current in t.uses):
                    found[t] = None
                    queue.append(t)
        return list(found)

    def droppable(self, thing):
        """True if plain DROP will do."""
        mine = set(self.owned(thing))
        return not any(t.pinned for t in mine) and not any(
            t not in mine and not t.uses.isdisjoint(mine) for t in self._things)

    def forget(self, things):
        for t in things:
            self._things.pop(t, None)

    def cascade_allowed(self, thing, at_most=8):
        """Small enough, nothing that a probe counts on, nothing that the same file made."""
        gone = self.gone_with(thing)
        return len(gone) <= at_most and not any(t.pinned or t.born == self.file_number for t in gone)

    # ---- Tables ----

    def columns(self, table, where=None):
        return self.all("column", where=lambda c: c.owner is table and (where is None or where(c)))

    def key(self, table):
        return self.columns(table, lambda c: c.is_key)[0]
