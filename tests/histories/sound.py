"""Whether a history is one: what every reader must give, whatever it was fed."""

from __future__ import annotations

import numpy as np

from dscheck.histories.history import INFO, MICRO_KINDS, NEVER, History
from dscheck.histories.validation import validate


def check(history: History) -> None:
    """Columns of one length, rows in the order of invocation, distinct positions, codes that exist."""
    count = len(history)
    assert count > 0
    columns = (history.function, history.outcome, history.key, history.argument, history.result)
    assert {len(column) for column in (*columns, history.invoked, history.returned, history.line)} == {count}
    assert int(history.outcome.max()) <= INFO
    assert int(history.function.max()) < len(history.functions)
    assert (np.diff(history.invoked) > 0).all()
    assert (history.returned > history.invoked).all()
    assert ((history.returned == NEVER) == (history.outcome == INFO)).all()
    known = np.concatenate([history.invoked, history.returned[history.returned != NEVER]])
    assert len(np.unique(known)) == len(known)
    if history.micro is not None:
        micro = history.micro
        assert len(micro.offsets) == count + 1
        assert micro.offsets[0] == 0
        assert (np.diff(micro.offsets) >= 0).all()
        assert {len(micro.kind), len(micro.key), len(micro.value)} == {int(micro.offsets[-1])}
        assert int(micro.kind.max(initial=0)) < len(MICRO_KINDS)
    validate(history)
    for row in range(count):
        history.operation(row)
