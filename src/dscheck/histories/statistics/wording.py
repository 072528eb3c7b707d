"""Measures as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from dscheck.checker.amounts import plural
from dscheck.checker.line import Line
from dscheck.histories.statistics.measures import Latency, LittlesLaw, Load, Statistics


def lines(statistics: Statistics) -> Iterator[Line]:
    """All that was measured, in words; what a recording does not know is said, not left out."""
    yield Line("heading", f"{statistics.name}: {summary(statistics)}")
    yield from _functions(statistics)
    if statistics.concurrency is None:
        yield Line("note", "time: this format has only the order within each session")
    else:
        yield from _time(statistics)
    if statistics.load:
        yield from _load(statistics.load)


def summary(statistics: Statistics) -> str:
    """Operations, processes, span and format, in one line."""
    noun = "transaction" if statistics.micro_operations else "operation"
    parts = [plural(statistics.operations, noun), f"of {_processes(statistics.processes)}"]
    if statistics.span is not None:
        parts.append(f"in {short(statistics.span)}")
    return f"{' '.join(parts)} ({statistics.format})"


def little_sentence(law: LittlesLaw) -> str:
    """What Little's law says of this recording, and why the two sides differ if they do."""
    product = f"lambda {law.arrivals:,.4g}/s * W {short(law.time)} = {law.expected:.4g}"
    says = f"{product}, measured {law.measured:.4g}"
    difference = law.measured - law.expected
    if abs(difference) <= 1e-6 * max(law.measured, 1e-9):
        return f"{says}: they agree"
    never = "operations that never returned, which stay open to the end"
    return f"{says}: the difference of {difference:.4g} is of {never}"


def short(seconds: float) -> str:
    """A duration in the unit in which it has one to three digits before the point."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            value = seconds / size
            return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def _processes(count: int) -> str:
    return "1 process" if count == 1 else f"{count:,} processes"


def _functions(statistics: Statistics) -> Iterator[Line]:
    """A table, one function a row."""
    head: tuple[str, ...] = ("", "ok", "fail", "info", "mean", "p50", "p90", "p99", "max")
    rows: list[tuple[str, ...]] = [
        (of.name, f"{of.ok:,}", f"{of.fail:,}", f"{of.info:,}", *_latency(of.latency))
        for of in statistics.functions
    ]
    if len(rows) > 1 and statistics.latency:
        sums = [
            sum(getattr(of, outcome) for of in statistics.functions) for outcome in ("ok", "fail", "info")
        ]
        rows.append(("all", *(f"{count:,}" for count in sums), *_latency(statistics.latency)))
    if not statistics.latency:
        head, rows = head[:4], [row[:4] for row in rows]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        cells = [f"{row[0]:<{widths[0]}}", *(f"{c:>{w}}" for c, w in zip(row[1:], widths[1:], strict=True))]
        yield Line("note" if row is head else "plain", f"  {'  '.join(cells)}".rstrip())
    if statistics.micro_operations:
        inside = ", ".join(f"{count:,} {kind}" for kind, count in statistics.micro_operations)
        total = sum(count for _, count in statistics.micro_operations)
        each = total / max(statistics.operations, 1)
        yield Line("plain", f"  inside: {inside}; {each:.3g} per transaction")


def _latency(latency: Latency | None) -> tuple[str, ...]:
    if latency is None:
        return ("",) * 5
    return tuple(short(of) for of in (latency.mean, latency.p50, latency.p90, latency.p99, latency.most))


def _time(statistics: Statistics) -> Iterator[Line]:
    concurrency = statistics.concurrency
    if concurrency is None:
        return
    if statistics.throughput is not None:
        yield Line("plain", f"throughput   {statistics.throughput:,.4g} ok per second")
    else:
        yield Line("note", "time: this recording has the order of events, but no clock")
    never = (
        f", {plural(concurrency.unreturned, 'operation')} never returned" if concurrency.unreturned else ""
    )
    yield Line(
        "plain", f"concurrency  {concurrency.mean:.3g} open on average, {concurrency.most:,} at most{never}"
    )
    if statistics.little:
        yield Line("plain", f"Little's law {little_sentence(statistics.little)}")


def _load(load: Load) -> Iterator[Line]:
    text = f"{plural(load.keys, 'key')}, Gini {load.gini:.2f}"
    if load.keys > 1:
        text += f"; the top {len(load.top)} have {load.top_share:.0%} of {load.operations:,} accesses"
    yield Line("plain", f"load         {text}")
    if load.keys > 1:
        width = max(len(of.key) for of in load.top[:5])
        for of in load.top[:5]:
            both = of.reads + of.others
            bar = "#" * max(1, round(30 * both / (load.top[0].reads + load.top[0].others)))
            yield Line("plain", f"  {of.key:<{width}}  {both:>9,}  {bar}")
