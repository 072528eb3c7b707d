"""A register on one server: every client writes its own letter, and then reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_TEXT: Final = """\
/* {clients} clients.  Of each, one message is in flight, to it or from it, until it is done.  A client's
   letter is its number plus 1, and 0 is what the server holds at first. */

mtype = {{ put, put_done, get, got, done }};

byte value;
mtype message[{clients}] = put;
byte content[{clients}];              /* of a message `got` */

active proctype system() {{
end:
    do
{options}
    od
}}
"""

_OPTIONS: Final = (
    "message[{c}] == put -> value = {c} + 1; message[{c}] = put_done",
    "message[{c}] == put_done -> message[{c}] = get",
    "message[{c}] == get -> message[{c}] = got; content[{c}] = value",
    "message[{c}] == got -> assert(content[{c}] > 0); message[{c}] = done; content[{c}] = 0",
)
"""The assertion is there because SPIN leaves out of the state what nobody ever reads."""


def text(clients: int) -> str:
    """One server, and so many clients."""
    return _TEXT.format(clients=clients, options="\n".join(_options(clients)))


def _options(clients: int) -> Iterator[str]:
    for c in range(clients):
        for option in _OPTIONS:
            yield f"    :: d_step {{ {option.format(c=c)} }}"
