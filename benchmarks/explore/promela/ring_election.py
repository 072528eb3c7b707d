"""Leader election on a ring, after Chang and Roberts (1979)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_TEXT: Final = """\
/* {nodes} stations; messages go from each to the one below it.  A bid for station i is i + 1, the news that
   it is elected is i + 1 + {nodes}. */

bool takes_part[{nodes}];
byte leader[{nodes}];               /* plus 1; 0: none */
chan link[{nodes}] = [{room}] of {{ byte }};
hidden byte m;                /* not part of the state */

#define one_leader(l) ({one_leader})

inline on_bid(s, below, m) {{
    if
    :: m == s + 1 -> leader[s] = m; assert(one_leader(m)); link[below] ! m + {nodes}
    :: m > s + 1 -> takes_part[s] = true; link[below] ! m
    :: m < s + 1 && !takes_part[s] -> takes_part[s] = true; link[below] ! s + 1
    :: else
    fi
}}

inline on_elected(s, below, m) {{
    if
    :: m != s + 1 + {nodes} -> leader[s] = m - {nodes}; assert(one_leader(leader[s])); link[below] ! m
    :: else
    fi
}}

active proctype ring() {{
end:
    do
{options}
    od
}}
"""

_OPTIONS: Final = (
    "!takes_part[{s}] -> takes_part[{s}] = true; link[{below}] ! {s} + 1",
    "link[{s}] ? m -> "
    "if :: m <= {nodes} -> on_bid({s}, {below}, m) :: else -> on_elected({s}, {below}, m) fi",
)


def text(nodes: int) -> str:
    """A ring of so many stations; a link never holds more than everyone's bid and the news."""
    one_leader = " && ".join(f"(leader[{s}] == 0 || leader[{s}] == l)" for s in range(nodes))
    return _TEXT.format(
        nodes=nodes, room=nodes + 1, one_leader=one_leader, options="\n".join(_options(nodes))
    )


def _options(nodes: int) -> Iterator[str]:
    for s in range(nodes):
        for option in _OPTIONS:
            yield f"    :: d_step {{ {option.format(s=s, below=(s - 1) % nodes, nodes=nodes)} }}"
