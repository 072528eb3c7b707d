"""Which dscheck this is."""

from __future__ import annotations


def version() -> str:
    """The installed version."""
    from importlib import metadata  # slow to import, and seldom needed

    try:
        return metadata.version("dscheck")
    except metadata.PackageNotFoundError:  # run from a checkout
        return "unknown"
