"""The notation: what a model is written in."""

# A model uses its variables as if they were ordinary attributes.  They are descriptors (variables.py, with
# sets.py, tables.py and counters.py), and pass every access on to the run under way (run.py).  That is the
# only door to the state: nothing here knows how states are stored or searched.
#
#   model.py       Model: what a modeller inherits, and what whoever runs the model may ask it
#   setup.py       runs a model's `setup`: first the nodes, then the initial states
#   layout.py      every place of the state, in canonical order
#   behaviour.py   every action, handler and property, with what its parameters range over (quantifiers.py)
#   values.py      which values there may be, when two are the same, and in which order they come

from dscheck.checker.notation.actions import action, choose, receive, require
from dscheck.checker.notation.counted import Count
from dscheck.checker.notation.counters import Counter, counter
from dscheck.checker.notation.messages import Message
from dscheck.checker.notation.model import Model
from dscheck.checker.notation.nodes import Node
from dscheck.checker.notation.operations import abandon, invoke, respond
from dscheck.checker.notation.parameters import budget, param
from dscheck.checker.notation.properties import (
    always,
    bound,
    ends,
    lemma,
    linearizable,
    mutant,
    refines,
    sequentially_consistent,
    sometimes,
)
from dscheck.checker.notation.tables import each
from dscheck.checker.notation.variables import durable, var, volatile

__all__ = [
    "Count",
    "Counter",
    "Message",
    "Model",
    "Node",
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
    "invoke",
    "lemma",
    "linearizable",
    "mutant",
    "param",
    "receive",
    "refines",
    "require",
    "respond",
    "sequentially_consistent",
    "sometimes",
    "var",
    "volatile",
]
