"""The catalogue's register as Stateright has it: all clients' first messages are in flight at the start.

Our network starts empty, so there is one state before that start.
"""

from __future__ import annotations

from typing import Final

from dscheck import action, require, var
from dscheck.models.registers.single_copy_register import Client, Got, PutDone, Server, SingleCopyRegister


class AllAtOnce(SingleCopyRegister):
    """The clients begin together."""

    put = None

    @action
    def start(self) -> None:
        require(all(c.doing == "nothing" for c in self.users))
        for c in self.users:
            self.begin(c)


_OVER: Final = {"nothing": 0, "put": 0, "get": 1, "done": 2}
"""How many operations of a client are over."""


class Recorder(Client):
    """A client that remembers what Stateright keeps of its operations."""

    over: tuple[int, ...] = var(())
    """How many operations of each other client were over when it began to read."""
    result: str | None = var(None)


class KeepsHistory(AllAtOnce):
    """The whole history is part of the state, as with Stateright, and nobody looks at it."""

    def setup(self) -> None:
        self.copies = self.make(Server, 1, "s")
        self.users = self.make(Recorder, self.clients, "c")

    def on_put_done(self, c: Client, m: PutDone) -> None:
        assert isinstance(c, Recorder)
        super().on_put_done(c, m)
        c.over = tuple(_OVER[other.doing] for other in self.users if other is not c)

    def on_got(self, c: Client, m: Got) -> None:
        assert isinstance(c, Recorder)
        super().on_got(c, m)
        c.result = m.value
