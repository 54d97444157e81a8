"""Scans, and what any program can print to."""

# ruff: noqa: PLC0415  (its engine is imported by the program that opens a file, after its limits stand)

from __future__ import annotations

import contextlib
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .base import Kind, Pages, Refusal
from .drawing import WHITE, fit, lanczos, load_pillow

if TYPE_CHECKING:
    from PIL import Image


def _load() -> None:
    load_pillow()
    import pypdfium2  # noqa: F401


def after_blanks(head: bytes) -> bytes:
    """What stands first in a file, past a mark of its encoding and blanks."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\0\t\n\f\r ")


def _pages(source: str, job: dict[str, Any]) -> Pages:
    import pypdfium2

    _check_end(source)
    try:
        pdf: Any = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        password, security = 4, 5
        if getattr(error, "err_code", None) in {password, security}:
            raise Refusal("locked") from error
        raise
    with contextlib.suppress(pypdfium2.PdfiumError):
        pdf.init_forms()  # a form that a student filled in is their work: draw its fields
    count = len(pdf)
    most = job["limits"]["pages"]
    if count > most:
        raise Refusal("too_many_pages", limit=most, pages=count)
    if count < 1:
        raise Refusal("no_pages")
    return count, (_page(pdf, index, job["page_long_side"]) for index in range(count))


def _check_end(source: str) -> None:
    """A PDF ends with its marker; the engine would repair one cut short and lose pages silently."""
    with Path(source).open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 65536))
        tail = file.read().rstrip(b"\0\r\n\t ")
    if b"%%EOF" not in tail[-8192:]:
        raise Refusal("cut_off")


def _page(pdf: Any, index: int, long_side: int) -> Image.Image:
    from PIL import Image

    page = pdf[index]
    try:
        width, height = page.get_size()
        if not (math.isfinite(width) and math.isfinite(height)) or min(width, height) <= 0:
            raise Refusal("odd_page", page=index + 1)
        # The engine rounds up; a hair less keeps the long side at the limit.
        bitmap = page.render(scale=(long_side - 0.01) / max(width, height), rev_byteorder=True)
        try:
            drawn: Image.Image = bitmap.to_pil()
            flat = Image.new("RGB", drawn.size, WHITE)
            flat.paste(drawn)
        finally:
            bitmap.close()
        if max(flat.size) > long_side:
            flat = flat.resize(fit(flat.size, long_side), lanczos())
        return flat
    finally:
        page.close()


KIND = Kind(
    name="pdf",
    label="PDF",
    extensions=(".pdf",),
    media_types=("application/pdf",),
    is_it=lambda head: after_blanks(head).startswith(b"%PDF-"),
    load=_load,
    pages=_pages,
)
