"""Can my distributed protocol go wrong?  Models in plain Python, searched exhaustively at compiled speed."""

# The house:
#
#   checker/   everything that judges a protocol; its __init__ shows the flow of data
#   models/    the catalogue: one protocol per file, each with wrong variants that must be caught
#   cli/       the command line, one file per verb
#
# and the engine, `dscheck._engine`, written in Rust: it stores, searches and asks, and knows no protocol.
#
# A model needs only the notation, so only that is imported here; the rest when it is first asked for.

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dscheck.checker.errors import DscheckError, HiddenState, ModelError
from dscheck.checker.notation import (
    Counter,
    Message,
    Model,
    Node,
    action,
    always,
    bound,
    budget,
    choose,
    counter,
    durable,
    each,
    ends,
    mutant,
    param,
    receive,
    refines,
    require,
    sometimes,
    var,
    volatile,
)
from dscheck.checker.verdict import Verdict

if TYPE_CHECKING:
    from dscheck.checker.search.explore import explore
    from dscheck.checker.search.result import Result
    from dscheck.checker.traces.replay import replay

__all__ = [
    "Counter",
    "DscheckError",
    "HiddenState",
    "Message",
    "Model",
    "ModelError",
    "Node",
    "Result",
    "Verdict",
    "action",
    "always",
    "bound",
    "budget",
    "choose",
    "counter",
    "durable",
    "each",
    "ends",
    "explore",
    "mutant",
    "param",
    "receive",
    "refines",
    "replay",
    "require",
    "sometimes",
    "var",
    "volatile",
]

_LATER = {
    "explore": "dscheck.checker.search.explore",
    "Result": "dscheck.checker.search.result",
    "replay": "dscheck.checker.traces.replay",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
