"""What MkDocs asks us while it builds the site: generated pages, lists of pages, and a look at the result.

The pages come from `catalogue`, which knows nothing of MkDocs: another tool would be given the same files.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import catalogue
import pictures
from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_log: Final = logging.getLogger("mkdocs.hooks.dscheck")
_NAMED_FENCE: Final = re.compile(r"^```(\w+) ([\w.-]+)$", re.MULTILINE)
_FETCHED: Final = re.compile(
    r"<(?:script|link|img|iframe|object|source)\b[^>]*\b(?:src|href|data)=[\"']?(?:https?:)?//[^>]*>"
)


def on_config(config: MkDocsConfig) -> None:
    """Put all of its pages where the navigation names a folder."""
    config.nav = _expanded(config.nav or [], Path(config.docs_dir))


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add what is generated."""
    for path, content in {**pictures.styles(), **catalogue.pages()}.items():
        files.append(File.generated(config, path, content=content))


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Show the name of a file above the block that a reader saves under it."""
    named = _NAMED_FENCE.sub(r'``` { .\1 title="\2" }', markdown)
    return named.replace(catalogue.HERE, catalogue.overview()) if catalogue.HERE in named else named


def on_post_page(output: str, page: Any, **_: Any) -> None:
    """Warn where a page would fetch something from elsewhere."""
    for found in _FETCHED.findall(output):
        _log.warning("%s fetches what is not part of the site: %s", page.file.src_uri, found)


def _expanded(nav: list[Any], docs: Path) -> list[Any]:
    """The navigation, with the pages of a folder where it says `models/` or `decisions/`."""
    found: list[Any] = []
    for entry in nav:
        if isinstance(entry, dict):
            found += [{key: _expanded(of, docs) if isinstance(of, list) else of} for key, of in entry.items()]
        elif entry == "models/":
            found += catalogue.navigation()
        elif entry.endswith("/"):
            found += [f"{entry}{path.name}" for path in sorted((docs / entry).glob("*.md"))]
        else:
            found.append(entry)
    return found
