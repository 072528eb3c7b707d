"""Two-phase commit, after Gray and Lamport (2006)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_TEXT: Final = """\
/* Two-phase commit with {nodes} resource managers.  Messages are never forgotten, so one bit says whether a
   message was ever sent. */

mtype = {{ undecided, working, prepared, committed, aborted }};

mtype rm[{nodes}] = working;
mtype tm = undecided;
bool counted[{nodes}];        /* whom the transaction manager knows to be prepared */
bool sent_prepared[{nodes}];
bool sent_commit;
bool sent_abort;

#define someone_committed ({someone_committed})
#define someone_aborted ({someone_aborted})
#define consistent !(someone_committed && someone_aborted)

active proctype protocol() {{
    do
    :: d_step {{ tm == undecided && {everyone_counted} -> tm = committed; sent_commit = true }}
    :: d_step {{ tm == undecided -> tm = aborted; sent_abort = true }}
{options}
    od
}}
"""

_OPTIONS: Final = (
    "tm == undecided && sent_prepared[{rm}] -> counted[{rm}] = true",
    "rm[{rm}] == working -> rm[{rm}] = prepared; sent_prepared[{rm}] = true",
    "rm[{rm}] == working -> rm[{rm}] = aborted; assert(consistent)",
    "sent_commit -> rm[{rm}] = committed; assert(consistent)",
    "sent_abort -> rm[{rm}] = aborted; assert(consistent)",
)
"""What can happen to each resource manager; the invariant is asked wherever a step could break it."""


def text(nodes: int) -> str:
    """The protocol with so many resource managers."""
    rms = range(nodes)
    return _TEXT.format(
        nodes=nodes,
        someone_committed=" || ".join(f"rm[{rm}] == committed" for rm in rms),
        someone_aborted=" || ".join(f"rm[{rm}] == aborted" for rm in rms),
        everyone_counted=" && ".join(f"counted[{rm}]" for rm in rms),
        options="\n".join(_options(nodes)),
    )


def _options(nodes: int) -> Iterator[str]:
    for rm in range(nodes):
        for option in _OPTIONS:
            yield f"    :: d_step {{ {option.format(rm=rm)} }}"
