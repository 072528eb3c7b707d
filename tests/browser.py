"""Pages as a browser draws them: headless Chromium, and the picture as an array of pixels."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

needs_browser = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("DSCHECK_BROWSER"),
    reason="there is no Chromium to draw the page with (set DSCHECK_BROWSER=1 to fail instead)",
)
"""Marks a test that looks at a page; .ci/run sets DSCHECK_BROWSER, so that nothing is skipped there."""


def screenshot(page: str, folder: Path, *, dark: bool = False, size: tuple[int, int] = (1200, 900)) -> Pixels:
    """The page's first screen; shape (height, width, 3), red, green, blue."""
    assert CHROMIUM is not None, "Chromium is not installed"
    (folder / "page.html").write_text(page, "utf-8")
    picture = folder / "page.png"
    subprocess.run(
        [
            *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *(
                ["--blink-settings=preferredColorScheme=0"]
                if dark
                else ["--blink-settings=preferredColorScheme=1"]
            ),
            f"--user-data-dir={folder / 'profile'}",
            f"--window-size={size[0]},{size[1]}",
            f"--screenshot={picture}",
            (folder / "page.html").as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    with Image.open(picture) as drawn:
        return np.asarray(drawn.convert("RGB"))


Pixels = npt.NDArray[np.uint8]


def like(picture: Pixels, colour: str, tolerance: int = 6) -> npt.NDArray[np.bool_]:
    """Where the picture has a colour, such as `#c0332b`; shape (height, width)."""
    wanted = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
    near: npt.NDArray[np.bool_] = (np.abs(picture.astype(int) - wanted) <= tolerance).all(axis=2)
    return near
