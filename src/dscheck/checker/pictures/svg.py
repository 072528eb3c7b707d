"""Elements of SVG and HTML as text."""

from __future__ import annotations

from html import escape
from typing import Final

CHARACTER: Final = 6.7
"""Width of a character of the pictures' monospaced font at 11 px, in px."""


def element(name: str, *inside: str, **attributes: object) -> str:
    """An element; underscores in attribute names become hyphens, a trailing one is dropped (`class_`)."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{given}>{''.join(inside)}</{name}>" if inside else f"<{name}{given}/>"


def text(words: str, **attributes: object) -> str:
    """A text element; its words are escaped."""
    return element("text", escape(words), **attributes)


def title(words: str) -> str:
    """What a browser tells of the element that this is in, when the pointer rests there."""
    return element("title", escape(words))


def width_of(words: str) -> float:
    """How wide a text is, in px."""
    return CHARACTER * len(words)


def _number(value: object) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
