"""Transactions that read and write several registers as single operations on a multi-register."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dscheck.checker.errors import DscheckError
from dscheck.histories.history import OK, READ, WRITE, History


def as_operations(history: History) -> History:
    """Each transaction as one operation `txn`: its argument is the row of its (kind, key, value), its result
    the row of what its reads found.  Raises DscheckError for micro-operations that are neither reads nor
    writes."""
    micro = history.micro
    if micro is None:
        return history
    other = set(np.unique(micro.kind).tolist()) - {READ, WRITE}
    if other:
        raise DscheckError(f"{history.name}: a multi-register is only read and written, no more")
    values = history.values
    argument = np.empty(len(history), np.int64)
    result = np.empty(len(history), np.int64)
    for row in range(len(history)):
        inside = slice(micro.offsets[row], micro.offsets[row + 1])
        columns = (micro.kind[inside].tolist(), micro.key[inside].tolist(), micro.value[inside].tolist())
        steps = [
            (kind, values.value(key), values.value(value)) for kind, key, value in zip(*columns, strict=True)
        ]
        asked = tuple(("r", key, None) if kind == READ else ("w", key, value) for kind, key, value in steps)
        found = tuple(value for kind, _, value in steps if kind == READ)
        argument[row] = values.code(asked)
        result[row] = values.code(found) if history.outcome[row] == OK else values.code(None)
    function = np.zeros(len(history), np.uint16)
    return replace(
        history, function=function, functions=("txn",), argument=argument, result=result, micro=None
    )
