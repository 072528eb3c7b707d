"""Recordings that contradict themselves: what forbids the verdict that a promise holds.

An order of versions that is a circle is none: compare-and-sets that each replaced what the other wrote, lists
of which none is a prefix of the other.  And a transaction that does not see its own writes, or reads a key
twice with different results, saw no single state.
"""

from __future__ import annotations

import numpy as np

from dscheck import _engine
from dscheck.checker.amounts import plural
from dscheck.checker.consistency.judgement import Anomaly
from dscheck.checker.consistency.sessions.findings import Finding
from dscheck.checker.consistency.sessions.recording import DIFFERS, Numbers, Recording
from dscheck.checker.consistency.sessions.telling import Telling
from dscheck.checker.consistency.wording import plain
from dscheck.histories.values import COMPOUND


def no_order(world: _engine.Accesses, telling: Telling) -> Finding | None:
    """Of keys whose versions are in no order: violated where a circle proves it, else open; None if there are
    none."""
    if not dict(world.counts())["contradictory"]:
        return None
    circles = world.circles()
    circle = next((circle for circle in circles if circle), None)
    if circle is None or not _is_proof(telling.recording):
        return Finding(doubt="what was recorded of the order of versions contradicts itself")
    sentence = (
        f"{telling.told(circle[0])}: each of {plural(len(circle), 'write')} had to come before the next, in "
        "a circle, so no order of versions explains the reads"
    )
    witness = telling.witness(circle, sentence)
    everyday, key = "versions were seen in contradictory orders", telling.key(circle[0])
    count = len([circle for circle in circles if circle])
    return Finding(
        (Anomaly(name="circle of versions", everyday=everyday, witness=witness, key=key, count=count),)
    )


def _is_proof(recording: Recording) -> bool:
    """Whether the evidence is what clients saw, of values that one write each wrote."""
    if recording.history.commit_stamp is not None:
        return False
    columns = recording.columns
    writes = columns["write"] != 0
    key, value = (columns[name][writes].astype(np.int64) for name in ("key", "value"))
    return int(_numbered(key, value).max(initial=-1)) + 1 == len(key)


def _numbered(key: Numbers, value: Numbers) -> Numbers:
    """Numbers from 0 of pairs, equal where they are."""
    keys = np.unique(key, return_inverse=True)[1].astype(np.int64)
    values = np.unique(value, return_inverse=True)[1].astype(np.int64)
    both = keys * (values.max(initial=0) + 1) + values
    return np.unique(both, return_inverse=True)[1].astype(np.int64)


def torn_inside(world: _engine.Accesses, telling: Telling) -> str | None:
    """Why a transaction saw no single state with its own writes in it, if one did not."""
    if telling.recording.history.micro is None:
        return None
    wrong = _own_future(world, telling.recording)
    wrong = np.concatenate([wrong, _unlike_before(telling.recording)])
    if not len(wrong):
        return None
    return (
        f"{telling.told(int(wrong[0]))}, which its own transaction contradicts: no single state explains that"
    )


def _own_future(world: _engine.Accesses, recording: Recording) -> Numbers:
    """Reads of what their own transaction wrote only later."""
    origin, source = (np.frombuffer(part, np.int64) for part in world.sources())
    reads, of = origin[source >= 0], source[source >= 0]
    row = recording.columns["row"]
    found: Numbers = reads[(row[reads] == row[of]) & (of > reads)]
    return found


def _unlike_before(recording: Recording) -> Numbers:
    """Reads that differ from what their transaction read or wrote before."""
    columns = recording.columns
    row, key, value = (columns[name].astype(np.int64) for name in ("row", "key", "value"))
    order = np.lexsort((np.arange(len(row)), key, row))
    read = (columns["write"] == 0) & (columns["flags"].astype(np.int64) & DIFFERS == 0)
    same = (np.diff(row[order]) == 0) & (np.diff(key[order]) == 0) & read[order[1:]]
    unlike = same & (np.diff(value[order]) != 0)
    found = [order[1:][unlike]]
    if recording.appends:
        found.append(_unlike_length(recording, order))
    return np.concatenate(found)


def _unlike_length(recording: Recording, order: Numbers) -> Numbers:
    """Reads of lists that are not by their transaction's own appends longer than its read before."""
    columns, values = recording.columns, recording.history.values
    offsets = np.array(values.offsets, np.int64)
    lists = columns["list"][order].astype(np.int64)
    length = np.zeros(len(order), np.int64)
    length[lists >= 0] = np.diff(offsets)[lists[lists >= 0]]
    write = columns["write"][order] != 0
    group = np.cumsum(
        (np.diff(columns["row"][order].astype(np.int64), prepend=-1) != 0)
        | (np.diff(columns["key"][order].astype(np.int64), prepend=-1) != 0)
    )
    appended = np.cumsum(write)
    first = np.searchsorted(group, group)
    before = appended - (appended - write)[first]
    reads = np.flatnonzero(~write)
    rest = length[reads] - before[reads]
    again = np.diff(group[reads], prepend=-1) == 0
    wrong = (rest < 0) | (again & (np.diff(rest, prepend=0) != 0))
    found: Numbers = order[reads[wrong]]
    return found


def strange_items(telling: Telling) -> str | None:
    """Why a list is no version: it has what nobody appended, or something more often than it was appended.

    Only the longest list of each key is looked at, of which the others are prefixes.
    """
    recording = telling.recording
    columns, values = recording.columns, recording.history.values
    reads = np.flatnonzero(columns["list"].astype(np.int64) >= 0)
    if not len(reads) or recording.initial >= COMPOUND:
        return None
    offsets, items = np.array(values.offsets, np.int64), np.array(values.items, np.int64)
    key, lists = (columns[name].astype(np.int64) for name in ("key", "list"))
    length = np.diff(offsets)[lists[reads]]
    order = reads[np.lexsort((length, key[reads]))]
    longest = order[np.append(np.diff(key[order]) != 0, True)]
    count = np.diff(offsets)[lists[longest]]
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    item = items[np.repeat(offsets[lists[longest]], count) + within]
    writes = np.flatnonzero(columns["write"] != 0)
    number = _numbered(
        np.concatenate([np.repeat(key[longest], count), key[writes]]),
        np.concatenate([item, columns["value"][writes].astype(np.int64)]),
    )
    shown = np.bincount(number[: len(item)], minlength=int(number.max(initial=0)) + 1)
    written = np.bincount(number[len(item) :], minlength=len(shown))
    wrong = np.flatnonzero((shown > written)[number[: len(item)]])
    if not len(wrong):
        return None
    read, code = int(np.repeat(longest, count)[wrong[0]]), int(item[wrong[0]])
    return (
        f"{telling.who(read)} read a list of {telling.object(read)} that contains "
        f"{plain(values.value(code))} more often than it was appended"
    )
