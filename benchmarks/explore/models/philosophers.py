"""Dining philosophers: everyone takes the left fork, then the right one; so they may all starve.

After Dijkstra, "Hierarchical ordering of sequential processes" (1971).  With N philosophers there are
(1 + sqrt 2)^N + (1 - sqrt 2)^N states.
"""

from __future__ import annotations

from typing import Literal

from dscheck import Model, Node, action, always, param, require, sometimes, var


class Fork(Node):
    taken: bool = var(False)


class Philosopher(Node):
    does: Literal["think", "wait", "eat"] = var("think")


class Philosophers(Model):
    """A round table with as many forks as philosophers."""

    nodes: int = param(3, "philosophers", least=2)

    def setup(self) -> None:
        self.forks = self.make(Fork, self.nodes, "f")
        self.table = self.make(Philosopher, self.nodes, "p")

    def left(self, p: Philosopher) -> Fork:
        return self.forks[self.table.index(p)]

    def right(self, p: Philosopher) -> Fork:
        return self.forks[self.table.index(p) - 1]

    @action
    def take_left(self, p: Philosopher) -> None:
        require(p.does == "think" and not self.left(p).taken)
        p.does = "wait"
        self.left(p).taken = True

    @action
    def take_right(self, p: Philosopher) -> None:
        require(p.does == "wait" and not self.right(p).taken)
        p.does = "eat"
        self.right(p).taken = True

    @action
    def put_down(self, p: Philosopher) -> None:
        require(p.does == "eat")
        p.does = "think"
        self.left(p).taken = self.right(p).taken = False

    @always
    def nobody_shares(self, p: Philosopher) -> bool:
        """Who eats has both forks for himself."""
        neighbour = self.table[self.table.index(p) - 1]
        return not (p.does == "eat" and neighbour.does == "eat")

    @sometimes
    def all_wait(self) -> bool:
        return all(p.does == "wait" for p in self.table)
