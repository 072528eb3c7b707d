"""The logs of etcd that Porcupine is known for: `python -m benchmarks.verify.etcd FILE...`; the cost as JSON.

Reading is not measured, on neither side.
"""

from __future__ import annotations

import json
import sys
from statistics import median
from time import perf_counter, process_time

from dscheck.checker.consistency.linearizability.check import check
from dscheck.histories.reading import read


def main() -> None:
    """Judge each log; each meets what was learned from the ones before, as in one run of the command."""
    histories = [read(path) for path in sys.argv[1:]]
    times, verdicts = [], {}
    cpu = process_time()
    for path, history in zip(sys.argv[1:], histories, strict=True):
        began = perf_counter()
        verdicts[path] = str(check(history)[0].verdict)
        times.append(perf_counter() - began)
    spent = process_time() - cpu
    print(json.dumps({"cpu": spent, "median": median(times), "sum": sum(times), "verdicts": verdicts}))


if __name__ == "__main__":
    main()
