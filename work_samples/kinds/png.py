"""Screenshots and drawings."""

# ruff: noqa: PLC0415  (its engine is imported by the program that opens a file, after its limits stand)

from __future__ import annotations

from .base import Kind
from .drawing import load_pillow, single_page


def _load() -> None:
    load_pillow()
    from PIL import PngImagePlugin  # noqa: F401


KIND = Kind(
    name="png",
    label="PNG",
    extensions=(".png",),
    media_types=("image/png",),
    is_it=lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
    load=_load,
    pages=lambda source, job: (1, iter([single_page("PNG", source, job)])),
)
