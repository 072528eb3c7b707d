"""Write recordings of many operations, read each in a process of its own, say time and memory.

Ten million operations, events or whole ones, are to take under 10 s and 2 GB.

python -m benchmarks.histories [--operations 10_000_000] [--folder DIR] [--case NAME]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

CHILD = """
import json, resource, sys, time
from dscheck.histories.reading import read
wall, cpu = time.perf_counter(), time.process_time()
history = read(sys.argv[1])
told = {"operations": len(history), "seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({**told, "bytes": peak}))
"""


def events(count: int) -> Iterator[str]:
    """Registers under 1,000 keys, 50 clients: an invocation and a return per operation."""
    clients, time = 50, 0
    for number in range(0, count, clients):
        for client in range(clients):
            time += 731
            key, value = (number + client) % 1000, number + client
            what = f'"f":"write","key":{key},"value":{value}'
            yield f'{{"type":"invoke","process":{client},{what},"time":{time}}}\n'
        for client in range(clients):
            time += 731
            yield f'{{"type":"ok","process":{client},"f":"write","time":{time}}}\n'


def operations(count: int) -> Iterator[str]:
    """The same, a line per operation."""
    for number in range(count):
        client, key, call = number % 50, number % 1000, number * 700
        when = f'"call":{call},"return":{call + 34_000}'
        yield f'{{"process":{client},"f":"write","key":{key},"argument":{number},{when}}}\n'


def texts(count: int) -> Iterator[str]:
    """The same, with a text of its own as each value and texts as keys."""
    for number in range(count):
        client, key, call = number % 50, number % 1000, number * 700
        yield (
            f'{{"process":"client-{client}","f":"write","key":"key-{key}","argument":"value-{number}",'
            f'"call":{call},"return":{call + 34_000}}}\n'
        )


def transactions(count: int) -> Iterator[str]:
    """Transactions of four micro-operations, two events each; `count` micro-operations."""
    for number in range(count // 4):
        client, time = number % 50, number * 1000
        inside = [["r", number % 997, None], ["append", number % 997, number], ["w", number % 991, number]]
        yield (
            json.dumps({"type": "invoke", "process": client, "f": "txn", "value": inside, "time": time})
            + "\n"
        )
        inside = [["r", number % 997, [number, number + 1]], *inside[1:]]
        yield json.dumps({"type": "ok", "process": client, "f": "txn", "value": inside, "time": time}) + "\n"


def edn(count: int) -> Iterator[str]:
    """Jepsen's EDN, an event a line."""
    for number in range(count):
        client, time = number % 50, number * 1000
        inside = f":f :write, :value {number}, :process {client}, :time {time}"
        yield f"{{:type :invoke, {inside}, :index {2 * number}}}\n"
        yield f"{{:type :ok, {inside}, :index {2 * number + 1}}}\n"


CASES = {"events": events, "operations": operations, "texts": texts, "transactions": transactions, "edn": edn}


def main() -> None:
    """Run all cases and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operations", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--case", action="append", choices=CASES)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for case in arguments.case or CASES:
            path = Path(folder) / f"{case}.{'edn' if case == 'edn' else 'jsonl'}"
            with path.open("w", encoding="utf-8", buffering=1 << 20) as file:
                file.writelines(CASES[case](arguments.operations))
            size = path.stat().st_size
            done = subprocess.run(
                [sys.executable, "-c", CHILD, path], capture_output=True, text=True, check=True
            )
            told = json.loads(done.stdout)
            print(
                f"{case:12} {told['operations']:>12,} operations {size / 1e6:8,.0f} MB file "
                f"{told['seconds']:7.2f} s ({told['cpu']:.2f} s CPU) {told['bytes'] / 1e6:8,.0f} MB resident",
                flush=True,
            )
            path.unlink()


if __name__ == "__main__":
    main()
