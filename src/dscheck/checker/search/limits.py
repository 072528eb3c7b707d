"""How much of this machine a search may use, when nobody says.

A container's limits count, not the machine's: who takes more memory than the control group allows is killed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

SHARE_OF_MEMORY = 0.8
"""Of what is available; the rest is for Python, the rules, and whatever else runs here."""

_UNLIMITED = 1 << 60
"""Version 1 of control groups writes "no limit" as a number near 2**63."""


def default_memory() -> int | None:
    """Bytes that a search may use; None where the system does not say what is available."""
    available = (_free_in_system(), _free_in_address_space(), *_free_in_groups())
    known = [free for free in available if free is not None]
    return int(min(known) * SHARE_OF_MEMORY) if known else None


def default_workers() -> int:
    """Threads that can really run at once: the cores this process may use, or its group's quota of them."""
    return max(1, min([_usable_cores(), *_quotas()]))


def _usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _free_in_system() -> int | None:
    for line in _read(Path("/proc/meminfo")).splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return None


def _free_in_address_space() -> int | None:
    try:
        import resource
    except ImportError:  # not a Unix
        return None
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit == resource.RLIM_INFINITY else limit


def _free_in_groups() -> Iterator[int | None]:
    for group in _groups("memory"):
        limit = _number(group / "memory.max") or _number(group / "memory.limit_in_bytes")
        if limit is not None and limit < _UNLIMITED:
            used = _number(group / "memory.current") or _number(group / "memory.usage_in_bytes") or 0
            yield max(0, limit - used + _reclaimable(group))


def _reclaimable(group: Path) -> int:
    """Page cache counts as used, but gives way."""
    for line in _read(group / "memory.stat").splitlines():
        name, _, size = line.partition(" ")
        if name in ("inactive_file", "total_inactive_file"):
            return int(size)
    return 0


def _quotas() -> Iterator[int]:
    for group in _groups("cpu"):
        quota, _, period = _read(group / "cpu.max").strip().partition(" ")
        if not quota:
            quota, period = (_read(group / f"cpu.cfs_{what}_us").strip() for what in ("quota", "period"))
        if quota.isdigit() and period.isdigit() and int(period):
            yield max(1, -(-int(quota) // int(period)))


def _groups(controller: str) -> Iterator[Path]:
    """The control groups of this process, from its own to the root: each of them limits it."""
    root = Path("/sys/fs/cgroup")
    for line in _read(Path("/proc/self/cgroup")).splitlines():
        _, controllers, inside = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        mount = root / controller if controllers else root
        own = mount / inside.lstrip("/")
        yield from (group for group in (own, *own.parents) if group == mount or mount in group.parents)


def _number(file: Path) -> int | None:
    text = _read(file).strip()
    return int(text) if text.isdigit() else None


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:  # not this kind of system, or not allowed to look
        return ""
