"""Photos, as nearly every phone and scanner makes them."""

# ruff: noqa: PLC0415  (its engine is imported by the program that opens a file, after its limits stand)

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .base import Kind, Pages, Refusal
from .drawing import check_pixels, fit, load_pillow, open_image, to_page

if TYPE_CHECKING:
    from PIL import Image

#: How many rows a row of blocks has, where colour is halved; and what grey is, as it is and upside down.
BLOCK_ROWS = 16
GREY = ((128, 128), (127, 127))
END = b"\xff\xd9"
LAST_BYTES, FEW_BYTES = 32, 12


def _load() -> None:
    load_pillow()
    from PIL import MpoImagePlugin  # noqa: F401  (a phone's JPEG with a depth picture in it)


def _pages(source: str, job: dict[str, Any]) -> Pages:
    return 1, iter([_page(source, job)])


def _page(source: str, job: dict[str, Any]) -> Image.Image:
    limits, long_side = job["limits"], job["page_long_side"]
    _check_end(source)
    with open_image("JPEG", source) as image:
        check_pixels(image.size, limits["jpeg_pixels"])
        full_height = image.height
        # libjpeg can decode straight to a half, a quarter or an eighth
        image.draft(None, fit(image.size, long_side))
        check_pixels(image.size, limits["pixels"])
        image.load()
        if not image.info.get("progressive"):
            _check_tail(image, full_height, source)
        return to_page(image, long_side)


def _check_end(source: str) -> None:
    """A download that broke off may be filled up with zeros, which decode to an empty half page."""
    data = Path(source).read_bytes()
    if data.endswith(bytes(16)) and data.find(END, _picture(data)) < 0:
        raise Refusal("cut_off")


def _check_tail(image: Image.Image, full_height: int, source: str) -> None:
    """Where its data ends before the picture does, libjpeg says nothing and draws the rest in exact middle grey.

    So a last row of blocks that is that grey from side to side was never there, unless the data ends as that of one
    colour does: with the same few bytes again and again. `full_height`: before it was made smaller.
    """
    rows = max(1, BLOCK_ROWS * image.height // full_height)
    tail = image.crop((0, image.height - rows, image.width, image.height))
    if not all(band.getextrema() in GREY for band in tail.split()):
        return
    data = Path(source).read_bytes()
    end = data.find(END, _picture(data))
    if len(set(data[max(0, end - LAST_BYTES) : end])) > FEW_BYTES:
        raise Refusal("cut_off")


def _picture(data: bytes) -> int:
    """Where the picture's own data begins, past the headers (and the thumbnail in them)."""
    at = 2
    while at + 4 <= len(data) and data[at : at + 1] == b"\xff" and data[at + 1 : at + 2] != b"\xda":
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return at


KIND = Kind(
    name="jpeg",
    label="JPEG",
    extensions=(".jpg", ".jpeg"),
    media_types=("image/jpeg",),
    is_it=lambda head: head.startswith(b"\xff\xd8\xff"),
    load=_load,
    pages=_pages,
)
