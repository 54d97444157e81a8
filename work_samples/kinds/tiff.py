"""Scans of several pages, as copiers make them."""

# ruff: noqa: PLC0415  (its engine is imported by the program that opens a file, after its limits stand)

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .base import Kind, Pages, Refusal
from .drawing import check_pixels, load_pillow, open_image, to_page

if TYPE_CHECKING:
    from PIL import Image

MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
NEW_SUBFILE_TYPE_TAG = 254
# Bits of NewSubfileType: a smaller copy of another image, or a mask for one. Neither is a page.
NOT_A_PAGE = 0b101


def _load() -> None:
    load_pillow()
    from PIL import TiffImagePlugin  # noqa: F401


def _pages(source: str, job: dict[str, Any]) -> Pages:
    image = open_image("TIFF", source)
    most = job["limits"]["pages"]
    frames: list[int] = []
    for frame in range(4 * most + 1):
        if not _seek(image, frame):
            break
        if not int(image.tag_v2.get(NEW_SUBFILE_TYPE_TAG, 0)) & NOT_A_PAGE:
            frames.append(frame)
    else:
        raise Refusal("too_many_pages", limit=most)
    if len(frames) > most:
        raise Refusal("too_many_pages", limit=most)
    if not frames:
        raise Refusal("no_pages")

    def each() -> Iterator[Image.Image]:
        with image:
            for frame in frames:
                image.seek(frame)
                check_pixels(image.size, job["limits"]["pixels"])
                image.load()
                yield to_page(image, job["page_long_side"])

    return len(frames), each()


def _seek(image: Any, frame: int) -> bool:
    """Go to a page of a TIFF; False after the last one."""
    with warnings.catch_warnings():
        # Pillow only warns when the list of pages breaks off, and the rest would be missing.
        warnings.filterwarnings("error", message="Corrupt EXIF data")
        try:
            image.seek(frame)
        except EOFError:
            return False
        except UserWarning as error:
            raise Refusal("cut_off") from error
    return True


KIND = Kind(
    name="tiff",
    label="TIFF",
    extensions=(".tif", ".tiff"),
    media_types=("image/tiff",),
    is_it=lambda head: head.startswith(MAGIC),
    load=_load,
    pages=_pages,
)
