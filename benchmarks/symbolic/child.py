"""One job in a process of its own: `python -m benchmarks.symbolic.child '{...}'`."""

from __future__ import annotations

import json
import sys
from time import process_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dscheck import Model


def _search(model: Model, job: dict[str, Any]) -> dict[str, Any]:
    """The search as a user has it, audit included."""
    from dscheck import Verdict, explore

    options = {key: job[key] for key in ("engine", "layers", "workers", "properties") if key in job}
    if options.get("properties") == "always":
        options["properties"] = [declared.name for declared in model.declared("always")]
    started = process_time()
    result = explore(model, time=job["limit"], **options)
    cpu = process_time() - started
    if result.verdict not in (Verdict.HOLDS, Verdict.UNDECIDED):
        sys.exit(f"this benchmark is not what it was: {result.sentence()}")
    return {
        "states": result.states,
        "cpu": cpu,
        "nodes": result.nodes,
        "made": None,
        "python_calls": result.python_calls,
        "is_done": result.verdict is Verdict.HOLDS,
    }


def _order(model: Model, job: dict[str, Any]) -> dict[str, Any]:
    """Saturation when everything is learned, with the slots in some order."""
    from benchmarks.symbolic.orders import Learned

    learned = Learned(model)
    slots = learned.order(job["order"])
    started = process_time()
    diagrams, states = learned.saturate(slots, job["limit"])
    cpu = process_time() - started
    is_done = diagrams.take_halt() is None
    nodes, made, _ = diagrams.size(states)
    return {
        "states": diagrams.count(states) if is_done else 0,
        "cpu": cpu,
        "nodes": nodes if is_done else None,
        "made": made,
        "python_calls": learned.system.python_calls,
        "is_done": is_done,
    }


def _oxidd(model: Model, job: dict[str, Any]) -> dict[str, Any]:
    """The same with BDDs."""
    from benchmarks.symbolic.orders import Learned
    from benchmarks.symbolic.peer import Bits

    learned = Learned(model)
    slots = learned.order(job["order"])
    bits = Bits(learned.system, slots)
    is_done = bits.close(job["limit"])
    cpu = process_time() - bits.started
    return {
        "states": bits.count() if is_done else 0,
        "cpu": cpu,
        "nodes": bits.states.node_count(),
        "made": bits.made,
        "python_calls": learned.system.python_calls,
        "is_done": is_done,
    }


def main() -> None:
    """Only the child imports dscheck; process.Cost says why."""
    from dscheck import models

    job = json.loads(sys.argv[1])
    place, _, name = job["model"].partition(":")
    model = getattr(models.module(place), name)(**job["params"])
    work = {"search": _search, "order": _order, "oxidd": _oxidd}[job["work"]]
    print(json.dumps(work(model, job)))


if __name__ == "__main__":
    main()
