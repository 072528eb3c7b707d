"""Can my distributed protocol go wrong, and did my system?  Models and recordings, judged fast."""

# The house:
#
#   checker/   everything that judges, a protocol or a recording; its __init__ shows the flow of data
#   models/    the catalogue: one protocol per file, each with wrong variants that must be caught
#   histories/ recordings of real systems as data: formats, columns, statistics
#   cli/       the command line, one file per verb
#
# and the engine, `dscheck._engine`, written in Rust: it stores, searches and asks, and knows no protocol.
#
# A model needs only the notation, so only that is imported here; the rest when it is first asked for.

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dscheck.checker.errors import DscheckError, HiddenState, ModelError
from dscheck.checker.notation import (
    Count,
    Counter,
    Message,
    Model,
    Node,
    abandon,
    action,
    always,
    bound,
    budget,
    choose,
    counter,
    durable,
    each,
    ends,
    invoke,
    lemma,
    linearizable,
    mutant,
    param,
    receive,
    refines,
    require,
    respond,
    sequentially_consistent,
    sometimes,
    var,
    volatile,
)
from dscheck.checker.verdict import Verdict

if TYPE_CHECKING:
    from dscheck.checker.consistency.verification import Verification
    from dscheck.checker.consistency.verify import verify
    from dscheck.checker.search.explore import explore
    from dscheck.checker.search.proof.proof import Proof
    from dscheck.checker.search.proof.prove import prove
    from dscheck.checker.search.result import Result
    from dscheck.checker.traces.replay import replay, retrace
    from dscheck.histories.history import History
    from dscheck.histories.reading import read

__all__ = [
    "Count",
    "Counter",
    "DscheckError",
    "HiddenState",
    "History",
    "Message",
    "Model",
    "ModelError",
    "Node",
    "Proof",
    "Result",
    "Verdict",
    "Verification",
    "abandon",
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
    "invoke",
    "lemma",
    "linearizable",
    "mutant",
    "param",
    "prove",
    "read",
    "receive",
    "refines",
    "replay",
    "require",
    "respond",
    "retrace",
    "sequentially_consistent",
    "sometimes",
    "var",
    "verify",
    "volatile",
]

_LATER = {
    "explore": "dscheck.checker.search.explore",
    "Result": "dscheck.checker.search.result",
    "prove": "dscheck.checker.search.proof.prove",
    "Proof": "dscheck.checker.search.proof.proof",
    "replay": "dscheck.checker.traces.replay",
    "retrace": "dscheck.checker.traces.replay",
    "History": "dscheck.histories.history",
    "read": "dscheck.histories.reading",
    "verify": "dscheck.checker.consistency.verify",
    "Verification": "dscheck.checker.consistency.verification",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
