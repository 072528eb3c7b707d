"""Raft for one entry, after Ongaro and Ousterhout (2014): elections, and the entry's way to a majority."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Final

SERVERS: Final = 3

_TEXT: Final = """\
/* Raft with {servers} servers and one entry, which is the term of the leader that wrote it.  The network is a
   set: each message from one server to another has a number, and is a bit of net[from * {servers} + to]. */

mtype = {{ follower, candidate, leader }};

byte term[{servers}];
mtype role[{servers}] = follower;
byte voted_for[{servers}];            /* plus 1; 0: for nobody */
byte backers[{servers}];              /* bits: who voted for a candidate, who holds a leader's entry */
byte entry[{servers}];                /* 0: none */
bool committed[{servers}];
int net[{pairs}];

/* the number of a term and an earlier one: (1, 0), (2, 0), (2, 1) ... */
#define pair(t, earlier) ((t) * ((t) - 1) / 2 + (earlier))
#define request(t, last) (pair(t, last))
#define vote(t) ({votes} + (t) - 1)
#define append(t, e, c) ({appends} + 2 * pair(t, (e) - 1) + (c))
#define ack(t) ({acks} + (t) - 1)

#define has(at, number) ((net[at] >> (number)) & 1)
#define send(at, number) net[at] = net[at] | (1 << (number))
#define forget(at, number) net[at] = net[at] & ~(1 << (number))
#define majority(s) ({majority})

#define election_safety ({election_safety})
#define state_machine_safety ({state_machine_safety})

inline observe(s, t) {{
    if
    :: t > term[s] -> term[s] = t; role[s] = follower; voted_for[s] = 0; backers[s] = 0
    :: else
    fi
}}

inline on_request(s, from, t, last) {{
    observe(s, t);
    if
    :: t == term[s] && (voted_for[s] == 0 || voted_for[s] == from + 1) && last >= entry[s] ->
        voted_for[s] = from + 1; send(s * {servers} + from, vote(t))
    :: else
    fi
}}

/* a vote counts for a candidate, an acknowledgement for a leader */
inline on_support(s, from, t, who) {{
    observe(s, t);
    if
    :: t == term[s] && role[s] == who -> backers[s] = backers[s] | (1 << from)
    :: else
    fi
}}

inline on_append(s, from, t, e, c) {{
    observe(s, t);
    if
    :: t == term[s] ->
        if
        :: role[s] == candidate -> role[s] = follower; backers[s] = 0
        :: else
        fi;
        entry[s] = e; committed[s] = committed[s] || c;
        assert(state_machine_safety);
        send(s * {servers} + from, ack(t))
    :: else
    fi
}}

active proctype system() {{
end:
    do
{options}
    od
}}
"""

_TIMEOUT: Final = (
    "role[{s}] != leader && term[{s}] < {terms} -> term[{s}] = term[{s}] + 1; role[{s}] = candidate; "
    "voted_for[{s}] = {s} + 1; backers[{s}] = 1 << {s}; {requests}"
)
_OWN: Final = (
    "role[{s}] == candidate && majority({s}) -> "
    "role[{s}] = leader; backers[{s}] = 1 << {s}; assert(election_safety)",
    "role[{s}] == leader && entry[{s}] == 0 -> entry[{s}] = term[{s}]",
    "role[{s}] == leader && !committed[{s}] && entry[{s}] == term[{s}] && majority({s}) -> "
    "committed[{s}] = true; assert(state_machine_safety)",
)
_APPEND: Final = (
    "role[{s}] == leader && entry[{s}] > 0 -> send({at}, append(term[{s}], entry[{s}], committed[{s}]))"
)


def text(terms: int, candidates: int) -> str:
    """So many terms; so many of the servers stand for election."""
    votes = terms * (terms + 1) // 2
    appends = votes + terms
    servers = range(SERVERS)
    pairs = [(a, b) for a in servers for b in servers if a < b]
    one = "!(role[{0}] == leader && role[{1}] == leader && term[{0}] == term[{1}])"
    same = "(!committed[{0}] || !committed[{1}] || entry[{0}] == entry[{1}])"
    return _TEXT.format(
        servers=SERVERS,
        pairs=SERVERS**2,
        votes=votes,
        appends=appends,
        acks=appends + 2 * votes,
        majority=" || ".join(f"(backers[s] & {1 << a | 1 << b}) == {1 << a | 1 << b}" for a, b in pairs),
        election_safety=" && ".join(one.format(*pair) for pair in pairs),
        state_machine_safety=" && ".join(same.format(*pair) for pair in pairs),
        options="\n".join(f"    :: d_step {{ {option} }}" for option in _options(terms, candidates)),
    )


def _options(terms: int, candidates: int) -> Iterator[str]:
    for s in range(SERVERS):
        others = [to for to in range(SERVERS) if to != s]
        if s < candidates:
            sent = (f"send({s * SERVERS + to}, request(term[{s}], entry[{s}]))" for to in others)
            yield _TIMEOUT.format(s=s, terms=terms, requests="; ".join(sent))
        yield from (option.format(s=s) for option in _OWN)
        yield from (_APPEND.format(s=s, at=s * SERVERS + to) for to in others)
    for source, to in permutations(range(SERVERS), 2):
        at = source * SERVERS + to
        for message, handler in _messages(terms):
            filled = handler.format(s=to, source=source)
            yield f"has({at}, {message}) -> forget({at}, {message}); {filled}"


def _messages(terms: int) -> Iterator[tuple[str, str]]:
    """Each message that one server can send another, and what is done with it."""
    for term in range(1, terms + 1):
        for last in range(term):
            yield f"request({term}, {last})", f"on_request({{s}}, {{source}}, {term}, {last})"
        yield f"vote({term})", f"on_support({{s}}, {{source}}, {term}, candidate)"
        for entry in range(1, term + 1):
            for committed in (0, 1):
                message = f"{term}, {entry}, {committed}"
                yield f"append({message})", f"on_append({{s}}, {{source}}, {message})"
        yield f"ack({term})", f"on_support({{s}}, {{source}}, {term}, leader)"
