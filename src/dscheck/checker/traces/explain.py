"""Why a property is false in a state: which part of it, and for which values.

The property is run once more, to learn which `return` it took and what its local variables were then.  The
returned expression is taken apart as long as one part alone decides it: a conjunct that is false, an element
for which `all(...)` fails, or one for which `any(...)` should have failed.  Where the source is not at hand,
there is no reason to give, and that is no error.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import CodeType, FrameType
from typing import Any

from dscheck.checker.notation.values import show
from dscheck.checker.traces.finding import Named, Reason

MOST = 12
"""A longer list of values explains nothing."""


def explain(function: Callable[..., Any], *args: Any) -> tuple[Reason, ...]:
    """Why ``function(*args)`` is not true, in the run under way."""
    try:
        returned, names = _last_return(function, *args)
        source = textwrap.dedent(inspect.getsource(inspect.unwrap(function)))
        statement = _return_at(ast.parse(source), returned)
        if statement is None or statement.value is None:
            return ()
        return tuple(_Reasons(source, names).against(statement.value))
    except Exception:  # whatever is odd about the property: its explanation is a courtesy
        return ()


def _last_return(function: Callable[..., Any], *args: Any) -> tuple[int, dict[str, Any]]:
    """The line, counted from the function's first, on which it returned, and the names it knew there."""
    seen: list[tuple[int, dict[str, Any]]] = []
    code = inspect.unwrap(function).__code__

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "return" and frame.f_code is code:
            seen.append((frame.f_lineno - code.co_firstlineno, {**frame.f_globals, **frame.f_locals}))

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        function(*args)
    finally:
        sys.setprofile(before)
    return seen[-1]


def _return_at(source: ast.AST, line: int) -> ast.Return | None:
    """The `return` statement that includes a line; lines of parsed source count from 1."""
    for node in ast.walk(source):
        if isinstance(node, ast.Return) and node.lineno <= line + 1 <= (node.end_lineno or node.lineno):
            return node
    return None


class _Reasons:
    """Takes expressions apart, given the names they were evaluated with."""

    def __init__(self, source: str, names: Mapping[str, Any], bound: Named = ()) -> None:
        self._source = source
        self._names = dict(names)  # one scope: nested ones, as in a generator, see only globals of `eval`
        self._bound = bound

    def against(self, node: ast.expr) -> Iterator[Reason]:
        """Why `node` is not true."""
        match node:
            case ast.BoolOp(op=ast.And()):
                yield from self.against(next(part for part in node.values if not self._value(part)))
            case ast.BoolOp(op=ast.Or()):
                for part in node.values:
                    if not _is_about_identity(part):
                        yield from self.against(part)
            case ast.UnaryOp(op=ast.Not()):
                yield from self.because(node.operand, node)
            case ast.IfExp():
                yield from self.against(node.body if self._value(node.test) else node.orelse)
            case ast.Call(func=ast.Name(id="all"), args=[ast.GeneratorExp() as loop]):
                inner = self._first(loop, ast.UnaryOp(op=ast.Not(), operand=loop.elt))
                yield from inner.against(loop.elt) if inner else self._as_it_is(node)
            case _:
                yield from self._as_it_is(node)

    def because(self, node: ast.expr, whole: ast.expr) -> Iterator[Reason]:
        """Why `node` is true, although `whole`, its negation, should be."""
        match node:
            case ast.UnaryOp(op=ast.Not()):
                yield from self.against(node.operand)
            case ast.BoolOp(op=ast.Or()):
                part = next(part for part in node.values if self._value(part))
                yield from self.because(part, ast.UnaryOp(op=ast.Not(), operand=part))
            case ast.Call(func=ast.Name(id="any"), args=[ast.GeneratorExp() as loop]):
                inner = self._first(loop, loop.elt)
                negated = ast.UnaryOp(op=ast.Not(), operand=loop.elt)
                yield from inner.because(loop.elt, negated) if inner else self._as_it_is(whole)
            case _:
                yield from self._as_it_is(whole)

    def _first(self, loop: ast.GeneratorExp, condition: ast.expr) -> _Reasons | None:
        """The first element of a loop for which the condition holds, as names."""
        targets = [n.id for part in loop.generators for n in ast.walk(part.target) if isinstance(n, ast.Name)]
        keys: list[ast.expr | None] = [ast.Constant(target) for target in targets]
        values: list[ast.expr] = [ast.Name(target, ast.Load()) for target in targets]
        *outer, last = loop.generators
        last = ast.comprehension(last.target, last.iter, [*last.ifs, condition], last.is_async)
        search = ast.GeneratorExp(ast.Dict(keys, values), [*outer, last])
        found = next(self._value(search), None)
        if found is None:
            return None
        return _Reasons(
            self._source, {**self._names, **found}, (*self._bound, *((n, show(found[n])) for n in targets))
        )

    def _as_it_is(self, node: ast.expr) -> Iterator[Reason]:
        values = dict(self._bound)
        for part in _operands(node):
            with suppress(Exception):  # a part that was not reached, as `x.y` in `x is not None and x.y`
                values[self._text(part)] = show(self._value(part))
        known = tuple(values.items())
        yield Reason(self._text(node), known if len(known) <= MOST else ())

    def _text(self, node: ast.expr) -> str:
        """As it is written; where that takes several lines, or nobody wrote it, as Python would write it."""
        written = ast.get_source_segment(self._source, node) if hasattr(node, "lineno") else None
        if written is not None and "\n" not in written:
            return written
        if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Compare | ast.BoolOp):
            return f"not ({self._text(node.operand)})"
        return ast.unparse(node)

    def _value(self, node: ast.expr) -> Any:
        code: CodeType = compile(ast.fix_missing_locations(ast.Expression(node)), "<property>", "eval")
        return eval(code, self._names)  # the model's own source, on the model's own names


def _is_about_identity(node: ast.expr) -> bool:
    """`a is b` for two parameters: whom the property failed for says that already."""
    match node:
        case ast.Compare(left=ast.Name(), ops=[ast.Is() | ast.IsNot()], comparators=[ast.Name()]):
            return True
    return False


def _operands(node: ast.expr) -> Iterator[ast.expr]:
    """The largest parts whose values are worth showing: what is compared, not what compares."""
    match node:
        case ast.BoolOp() | ast.UnaryOp() | ast.Compare() | ast.BinOp() | ast.IfExp() | ast.Tuple():
            children = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        case ast.Call(func=ast.Attribute(value=ast.Name(id="self")) | ast.Name()):
            children = [*node.args, *(keyword.value for keyword in node.keywords)]
        case ast.Constant() | ast.Lambda() | ast.GeneratorExp() | ast.Starred():
            return
        case _:
            yield node
            return
    for child in children:
        yield from _operands(child)
