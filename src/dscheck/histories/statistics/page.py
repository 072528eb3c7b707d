"""Measures as one self-contained page: nothing is fetched, and its size does not grow with the recording."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from dscheck.checker.amounts import plural
from dscheck.checker.pictures.document import document
from dscheck.histories.statistics.drawing import Chart, bars, linear, logarithmic, strip
from dscheck.histories.statistics.measures import Band, FunctionMeasures, Load, OverTime, Statistics
from dscheck.histories.statistics.wording import little_sentence, short, summary


def page(statistics: Statistics) -> str:
    """The page, ready to be written to a file."""
    over = statistics.over_time
    parts = [
        f"<header><h1>{escape(statistics.name)}</h1><p>{escape(summary(statistics))}</p></header>",
        *_tiles(statistics),
        *(_charts(statistics, over) if over and statistics.span else _no_time(statistics)),
        *_functions(statistics),
        *(_load(statistics.load) if statistics.load else ()),
    ]
    return document(statistics.name, parts, __package__, data=_tips(over) if over else [])


def _tiles(statistics: Statistics) -> Iterator[str]:
    tiles = [("transactions" if statistics.micro_operations else "operations", f"{statistics.operations:,}")]
    if statistics.throughput is not None:
        tiles.append(("ok per second", brief(statistics.throughput)))
    if statistics.latency:
        tiles += [("median latency", short(statistics.latency.p50)), ("p99", short(statistics.latency.p99))]
    if statistics.concurrency:
        tiles.append(("open on average", f"{statistics.concurrency.mean:.3g}"))
        tiles.append(("open at most", f"{statistics.concurrency.most:,}"))
    if statistics.load:
        tiles.append(("keys", f"{statistics.load.keys:,}"))
    drawn = "".join(f"<div><b>{escape(value)}</b><span>{escape(name)}</span></div>" for name, value in tiles)
    yield f'<div class="tiles">{drawn}</div>'


def _no_time(statistics: Statistics) -> Iterator[str]:
    if statistics.concurrency is None:
        yield '<p class="warning">This format has only the order within each session: no latency.</p>'
    else:
        yield '<p class="warning">This recording has the order of events, but no clock: no latency.</p>'


def _charts(statistics: Statistics, over: OverTime) -> Iterator[str]:
    span = over.width * len(over.ok)
    yield from _section(
        "Latency",
        '<i class="middle"></i>median <i class="p90"></i>to p90 <i class="p99"></i>to p99 '
        '<i class="most"></i>longest',
        "Of operations that were ok, by the time at which they were invoked; logarithmic.",
        _latency(over, span, statistics.bands),
    )
    ok, fail = ([count / over.width for count in counts] for counts in (over.ok, over.fail))
    chart = Chart("throughput over time", span, len(ok), linear(a + b for a, b in zip(ok, fail, strict=True)))
    _mark(chart, statistics.bands)
    chart.steps(ok, None, "ok")
    chart.steps(fail, ok, "fail")
    key = '<i class="ok"></i>ok <i class="fail"></i>fail'
    yield from _section("Throughput", key, "Returns per second.", chart.draw(brief, short_time))
    chart = Chart("open operations over time", span, len(ok), linear(over.open_most))
    _mark(chart, statistics.bands)
    chart.area(over.open_mean, None, "p99")
    chart.line(over.open_most, "most")
    chart.line(over.open_mean, "mean")
    note = "Operations that were invoked and had not returned."
    if statistics.little:
        note += f" Little's law: {little_sentence(statistics.little)}."
    key = '<i class="middle"></i>mean <i class="most"></i>most'
    yield from _section("Concurrency", key, note, chart.draw(brief, short_time))


def _latency(over: OverTime, span: float, bands: tuple[Band, ...]) -> str:
    chart = Chart("latency over time", span, len(over.ok), logarithmic([*over.p50, *over.most]))
    _mark(chart, bands)
    chart.area(over.p99, over.p90, "p99")
    chart.area(over.p90, over.p50, "p90")
    chart.line(over.most, "most")
    chart.line(over.p50, "middle")
    return chart.draw(short, short_time)


def _mark(chart: Chart, bands: tuple[Band, ...]) -> None:
    for band in bands[:200]:
        chart.band(band.name, band.begin, band.end)


def _section(title: str, key: str, note: str, drawn: str) -> Iterator[str]:
    yield f'<section><div class="title"><h2>{escape(title)}</h2><span class="key">{key}</span></div>'
    yield f'<p class="note">{escape(note)}</p>{drawn}</section>'


def _functions(statistics: Statistics) -> Iterator[str]:
    timed = [of.latency for of in statistics.functions if of.latency]
    ends = (min(of.least for of in timed), max(of.p99 for of in timed)) if timed else (0.0, 0.0)
    head = [
        "function",
        "ok",
        "fail",
        "info",
        *(["mean", "p50", "p90", "p99", "longest", "shortest to p99"] if timed else []),
    ]
    cells = "".join(f"<th>{name}" for name in head)
    yield f'<section><h2>Functions</h2><div class="wide"><table><thead><tr>{cells}</tr></thead><tbody>'
    yield from (_function(of, ends) for of in statistics.functions)
    yield "</tbody></table></div>"
    if statistics.micro_operations:
        inside = ", ".join(f"{count:,} {kind}" for kind, count in statistics.micro_operations)
        yield f'<p class="note">Inside of transactions: {escape(inside)}.</p>'
    if statistics.concurrency and statistics.concurrency.unreturned:
        never = plural(statistics.concurrency.unreturned, "operation")
        yield f'<p class="note">{never} never returned: open to the end, and without a latency.</p>'
    yield "</section>"


def _function(of: FunctionMeasures, ends: tuple[float, float]) -> str:
    counts = (
        f"<td>{of.ok:,}<td{' class=bad' if of.fail else ''}>{of.fail:,}"
        f"<td{' class=open' if of.info else ''}>{of.info:,}"
    )
    spent = of.latency
    if spent is None:
        return f"<tr><th>{escape(of.name)}{counts}</tr>"
    times = "".join(
        f"<td>{short(time)}" for time in (spent.mean, spent.p50, spent.p90, spent.p99, spent.most)
    )
    return (
        f"<tr><th>{escape(of.name)}{counts}{times}<td>{strip(spent.least, spent.p50, spent.p99, ends)}</tr>"
    )


def _load(load: Load) -> Iterator[str]:
    if load.keys < 2:
        return
    rows = [
        (
            of.key,
            float(of.reads),
            float(of.others),
            f"{of.reads + of.others:,}  {_share(of.reads + of.others, load)}",
        )
        for of in load.top
    ]
    note = (
        f"{plural(load.keys, 'key')}; the {len(load.top)} above the others have {load.top_share:.0%} of "
        f"{load.operations:,} accesses. Gini coefficient {load.gini:.2f}: 0 is even, 1 is one key for all."
    )
    key = '<i class="reads"></i>reads <i class="others"></i>others'
    yield from _section("Keys", key, note, bars(rows, "accesses per key"))


def _share(count: int, load: Load) -> str:
    return f"{count / load.operations:.1%}"


def _tips(over: OverTime) -> list[str]:
    """What stands at the pointer, per slice."""
    found = []
    for at in range(len(over.ok)):
        rows = [
            ("time", f"{short_time(at * over.width)} to {short_time((at + 1) * over.width)}"),
            ("ok", f"{brief(over.ok[at] / over.width)}/s ({over.ok[at]:,})"),
            ("fail", f"{over.fail[at]:,}"),
            ("open", f"{over.open_mean[at]:.3g} on average, {over.open_most[at]:,} at most"),
        ]
        p50, p90, p99, most = over.p50[at], over.p90[at], over.p99[at], over.most[at]
        if p50 is not None and p90 is not None and p99 is not None and most is not None:
            rows.append(
                ("latency", f"p50 {short(p50)}, p90 {short(p90)}, p99 {short(p99)}, max {short(most)}")
            )
        found.append("\n".join(f"{name:<8}{text}" for name, text in rows))
    return found


def brief(value: float) -> str:
    """A number in few characters."""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if value >= 10 * size or (value >= size and unit != "k"):
            return f"{value / size:.3g}{unit}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def short_time(seconds: float) -> str:
    """A moment on the time axis."""
    return "0" if seconds == 0 else short(seconds) if seconds < 120 else f"{seconds / 60:,.4g} min"
