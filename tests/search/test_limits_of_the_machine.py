"""How much memory and how many cores a search takes for itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dscheck.checker.search import limits

Files = dict[str, str]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[[Files], None]:
    """Makes the machine one with these files."""

    def become(files: Files) -> None:
        monkeypatch.setattr(limits, "_read", lambda path: files.get(str(path), ""))
        monkeypatch.setattr(limits, "_free_in_address_space", lambda: None)
        monkeypatch.setattr(limits, "_usable_cores", lambda: 16)

    return become


MEMINFO = {"/proc/meminfo": "MemTotal: 9000 kB\nMemAvailable: 1000 kB\n"}


def test_memory_of_the_system(machine: Callable[[Files], None]) -> None:
    machine(MEMINFO)
    assert limits.default_memory() == 1000 * 1024 * 8 // 10
    assert limits.default_workers() == 16


@pytest.mark.parametrize(
    "files",
    [
        {
            "/proc/self/cgroup": "0::/pod/box\n",
            "/sys/fs/cgroup/pod/memory.max": "5000",
            "/sys/fs/cgroup/pod/memory.current": "3000",
            "/sys/fs/cgroup/pod/memory.stat": "anon 1\ninactive_file 500\n",
            "/sys/fs/cgroup/pod/box/memory.max": "max",
            "/sys/fs/cgroup/pod/cpu.max": "150000 100000",
        },
        {
            "/proc/self/cgroup": "5:memory:/box\n4:cpu,cpuacct:/box\n",
            "/sys/fs/cgroup/memory/box/memory.limit_in_bytes": "5000",
            "/sys/fs/cgroup/memory/box/memory.usage_in_bytes": "3000",
            "/sys/fs/cgroup/memory/box/memory.stat": "total_inactive_file 500\n",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes": str(2**63 - 4096),
            "/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us": "150000",
            "/sys/fs/cgroup/cpu/box/cpu.cfs_period_us": "100000",
        },
    ],
    ids=["version 2", "version 1"],
)
def test_control_groups(machine: Callable[[Files], None], files: Files) -> None:
    machine(MEMINFO | files)
    assert limits.default_memory() == 2500 * 8 // 10
    assert limits.default_workers() == 2


def test_this_machine() -> None:
    memory = limits.default_memory()
    assert memory is None or memory > 1_000_000
    assert limits.default_workers() >= 1
    assert not Path("/proc/self").exists() or memory is not None
