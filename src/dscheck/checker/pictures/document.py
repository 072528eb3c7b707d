"""A self-contained HTML page: nothing is fetched, and it looks right in light, in dark and on paper."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from typing import Any, Final

_HERE: Final = "dscheck.checker.pictures"


def document(title: str, parts: Iterable[str], package: str, data: Any = None) -> str:
    """The whole page around its parts.

    `package` is where its `page.css` and `page.js` are; the common ones come before them.  `data` is what the
    script finds as JSON in the element `data`.
    """
    style = "\n".join([colours(), asset(_HERE, "base.css"), asset(package, "page.css")])
    script = "\n".join([asset(_HERE, "base.js"), asset(package, "page.js")])
    told = "" if data is None else f'<script id="data" type="application/json">{_inert(data)}</script>\n'
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{style}</style></head>\n<body>\n"
        + "\n".join(parts)
        + f'\n<div id="tip" hidden></div>\n{told}<script>{script}</script>\n</body></html>\n'
    )


def _inert(data: Any) -> str:
    """JSON that cannot end the script element which holds it."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def colours() -> str:
    """The style of a drawing that stands by itself begins with it."""
    return asset(_HERE, "colours.css")


def asset(package: str, name: str) -> str:
    """A file beside the modules of a package."""
    return files(package).joinpath(name).read_text("utf-8")
