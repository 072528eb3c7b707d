"""What a recording permits: the certain part of it, and one way to fill in the rest.

Some reads do not say which write they saw: several writes wrote the value, or a compare-and-set said only
that it found something else.  Then two worlds are judged:

* the *certain* one leaves such reads out.  Every promise asks something of each read, so fewer reads ask
  less: what is violated there is violated however the reads are explained.  (Not so `eventual`: a read may
  show that a write of unknown outcome happened, and when.  See `may_be_later`.)
* the *likely* one gives each such read a write: of those that fit the one that was invoked last before the
  read returned.  What is kept there is kept, as one explanation is enough.

Where the two disagree, the promise is undecided.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from dscheck import _engine
from dscheck.checker.amounts import plural
from dscheck.checker.consistency.sessions import contradictions
from dscheck.checker.consistency.sessions.moments import Moments
from dscheck.checker.consistency.sessions.recording import PENDING, Numbers, Recording, recorded
from dscheck.checker.consistency.sessions.telling import Telling
from dscheck.histories.history import FAIL, History

_LOOKED_AT = 1000
"""Reads of values that nobody wrote, of which it is found out whether a failed operation meant to."""


@dataclass(frozen=True)
class Worlds:
    """A recording and its two worlds."""

    recording: Recording
    moments: Moments | None = None
    """Where more is known of the order of events than the recording's times say."""

    @classmethod
    def of(cls, history: History) -> Worlds:
        """Of a history.  Raises DscheckError where it is not about registers."""
        return cls(recorded(history))

    def at(self, history: History) -> Worlds:
        """With the positions that a history has, and with times as exact as those."""
        moments = Moments.of(history, self.recording.columns["row"].astype(np.int64))
        known = self.recording.columns
        if all(np.array_equal(column, known[name]) for name, column in moments.columns.items()):
            return self
        return replace(self, moments=moments)

    @cached_property
    def certain(self) -> _engine.Accesses:
        """Without the reads of which the source is not certain."""
        world = self._world(guess=False, infer=False)
        return self._world(guess=False, infer=True) if self._may_infer(world) else world

    @cached_property
    def likely(self) -> _engine.Accesses:
        """With a likely source for each read; the certain world where nothing is uncertain."""
        infer = self.counts["inferred"] > 0
        return self._world(guess=True, infer=infer) if self.has_doubts else self.certain

    @cached_property
    def shown(self) -> dict[int, int]:
        """Of each row of unknown outcome a read of what it wrote, which shows that it happened: one that
        returned, or one of which that is shown in turn."""
        columns = self.recording.columns
        row, flags = columns["row"], columns["flags"].astype(np.int64)
        origin, source = (np.frombuffer(part, np.int64) for part in self.certain.sources())
        reads = np.flatnonzero(source >= 0)
        reads = reads[flags[source[reads]] & PENDING != 0]
        found: dict[int, int] = {}
        unknown = set(row[flags & PENDING != 0].tolist())
        left = [(int(origin[at]), int(row[origin[at]]), int(row[source[at]])) for at in reads.tolist()]
        while left:
            new = {
                of: read for read, by, of in left if of not in found and (by not in unknown or by in found)
            }
            if not new:
                break
            found.update(new)
            left = [(read, by, of) for read, by, of in left if of not in found]
        return found

    @property
    def has_doubts(self) -> bool:
        """Whether some reads may stem from several writes."""
        return len(self.ambiguous) > 0

    @property
    def may_be_later(self) -> bool:
        """Whether a read that is left out may have seen a write that nobody else shows to have happened."""
        pending = self.recording.columns["flags"].astype(np.int64) & PENDING != 0
        return self.has_doubts and bool(pending.any())

    @cached_property
    def strange_items(self) -> str | None:
        """Why some list that was read is no version."""
        return contradictions.strange_items(Telling(self.recording))

    @cached_property
    def no_initial(self) -> str | None:
        """Why no initial value explains all reads, if that is so where every read has a source."""
        if self.has_doubts and len(np.frombuffer(self.likely.unknown()[0], np.int64)) > len(self.thin):
            return "two values seem to have been the initial one of a key"
        return None

    @cached_property
    def ambiguous(self) -> Numbers:
        """Accesses that may have seen any of several writes."""
        return np.frombuffer(self.certain.unknown()[1], np.int64)

    @cached_property
    def thin(self) -> Numbers:
        """Reads of values that nobody wrote."""
        return np.frombuffer(self.certain.unknown()[0], np.int64)

    @cached_property
    def counts(self) -> dict[str, int]:
        """What was understood of the certain world: accesses, reads, writes, sessions, keys, ..."""
        return dict(self.certain.counts())

    def _may_infer(self, world: _engine.Accesses) -> bool:
        """Whether values that nobody wrote may be initial ones: not if a failed operation meant to write
        them."""
        thin = np.frombuffer(world.unknown()[0], np.int64).tolist()
        return (
            bool(thin) and not self.recording.knows_initial and not any(map(self.aborted, thin[:_LOOKED_AT]))
        )

    def _world(self, *, guess: bool, infer: bool) -> _engine.Accesses:
        recording, values = self.recording, self.recording.history.values
        offsets, items = np.array(values.offsets, np.int64), np.array(values.items, np.int64)
        columns = recording.columns if self.moments is None else {**recording.columns, **self.moments.columns}
        tick = 1 if self.moments is None else self.moments.tick
        return _engine.Accesses(
            columns, offsets, items, initial=recording.initial, infer=infer, guess=guess, tick=tick
        )

    def aborted(self, access: int) -> bool:
        """Whether a failed operation wrote what this access read."""
        history = self.recording.history
        key, value = (int(self.recording.columns[name][access]) for name in ("key", "value"))
        failed = history.outcome == FAIL
        if bool((failed & (history.key == key) & (history.argument == value)).any()):
            return True
        if value in self.recording.refused.get(key, ()):
            return True
        micro = history.micro
        if micro is None:
            return False
        of = np.repeat(failed, np.diff(micro.offsets))
        return bool((of & (micro.key == key) & (micro.value == value) & (micro.kind != 0)).any())

    def warnings(self, promise: str, *, broken: bool = False) -> tuple[str, ...]:
        """What makes a verdict weaker than it looks; where something is broken, something could have been."""
        counts, found = self.counts, []
        if not counts["reads"]:
            found += ["no read tells what it saw: nothing could have been violated"] * (not broken)
        elif not counts["writes"]:
            found += ["nothing was written: nothing could have been violated"] * (not broken)
        else:
            written = np.unique(self.recording.columns["key"][self.recording.columns["write"] != 0])
            if unwritten := counts["keys"] - len(written):
                found.append(f"{plural(unwritten, 'key')} of {counts['keys']:,} never written")
        if counts["sessions"] == 1:
            found.append("one process only: nobody could have seen another's writes in a wrong order")
        if promise == "monotonic-writes" and not (counts["evidence"] or broken):
            found.append("nothing tells the order of versions: monotonic-writes could not have been violated")
        if promise == "consistent-prefix" and not (self._reads_together or broken):
            found.append(
                "nothing read two keys at once, which alone would show that writes were seen out of order"
            )
        doubtful = len(self.ambiguous) - self.recording.unequal
        for number, noun, text in (
            (len(self.thin), "read", "gave values that nobody wrote"),
            (doubtful, "read", "may have seen any of several writes of the same value"),
            (
                self.recording.unequal,
                "compare-and-set",
                "compared unequal, which does not say what was there",
            ),
            (counts["inferred"], "key", "taken to have held a value before the recording that nobody wrote"),
            (
                counts["contradictory"],
                "key",
                "without a version order: what was recorded of it contradicts itself",
            ),
        ):
            if number > 0:
                found.append(f"{plural(number, noun)} {text}")
        return tuple(found)

    def is_vacuous(self, promise: str) -> bool:
        """Whether nothing that was recorded could have broken a promise."""
        counts = self.counts
        if not counts["reads"] or not counts["writes"]:
            return True
        return (promise == "monotonic-writes" and not counts["evidence"]) or (
            promise == "consistent-prefix" and not self._reads_together
        )

    @cached_property
    def _reads_together(self) -> bool:
        """Whether some transaction reads twice."""
        reads = self.recording.columns["row"][self.recording.columns["write"] == 0].astype(np.int64)
        return bool((np.bincount(reads, minlength=1) > 1).any())
