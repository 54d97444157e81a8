"""From an upload to page images, and from page images to redacted ones. No Django in here.

What a teacher brings (a phone's photo, a scan, a PDF) becomes upright JPEG pages of at most
`PAGE_LONG_SIDE` pixels and WebP thumbnails, with nothing of the original in them but what can be
seen. The decoding happens in a process of its own (`confinement.py`). Everything that can go wrong ends in
`CannotRead` (`refusals.py`) with one sentence for the person who brought the file.

    check_upload(path)                      cheap, right after the upload
    make_pages(path, folder)                slow, in a job
    burn([(page, [Box(...)])], folder)      slow, when redactions are confirmed
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from work_samples import confinement, kinds
from work_samples.checks import check_upload, sniff, starts_as
from work_samples.confinement import MAX_PIXELS, PAGE_LONG_SIDE, THUMB_LONG_SIDE, Limits
from work_samples.decoder import covered_pixels, kept_pixels
from work_samples.refusals import ACCEPTED, MAX_PAGES, MAX_UPLOAD_BYTES, MIB, CannotRead, accepted_hint

__all__ = [
    "ACCEPTED",
    "MAX_PAGES",
    "MAX_PIXELS",
    "MAX_UPLOAD_BYTES",
    "PAGE_LONG_SIDE",
    "THUMB_LONG_SIDE",
    "Box",
    "CannotRead",
    "Cut",
    "Limits",
    "PageImage",
    "Press",
    "accepted_hint",
    "burn",
    "check_upload",
    "covered_pixels",
    "cut",
    "kept_pixels",
    "make_pages",
    "sniff",
]

#: So many files are open at once in this process, because each may cost what `Limits` says; others wait their turn.
AT_ONCE = max(2, os.cpu_count() or 2)
_turns = threading.BoundedSemaphore(AT_ONCE)
#: A conversion's output is a PDF, larger than one page image.
MOST_CONVERTED_BYTES = 128 * MIB
MOST_CONVERTING_FILES = 512


@dataclass(frozen=True)
class Press:
    """What typed text is set with: folders of fonts (as packages, and as made of them), and the paper."""

    fonts: dict[str, str] = dataclasses.field(default_factory=dict)
    paper: str = "a4"


@dataclass(frozen=True)
class PageImage:
    """One finished page: where its files are and its size in pixels."""

    number: int
    image: Path
    thumbnail: Path
    width: int
    height: int


@dataclass(frozen=True)
class Box:
    """A redaction: left, top, width and height in shares of the page (0 to 1), y downward."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class Cut:
    """A page image to be cut to `crop` (left, top, right, bottom in pixels; None: whole), then turned `turn` quarters
    clockwise.
    """

    image: Path
    crop: tuple[int, int, int, int] | None
    turn: int


def make_pages(
    source: Path,
    out_dir: Path,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    limits: Limits | None = None,
    press: Press | None = None,
) -> list[PageImage]:
    """Turn one uploaded file into page images and thumbnails in `out_dir`.

    Writes `page-001.jpg`, `thumb-001.webp` and so on, all of them or none. `on_progress(done, of)`
    is called at the start and after each page, in the caller's thread. `press` is needed for typed text alone.
    Raises CannotRead.
    """
    kind, limits = kinds.named(check_upload(source)), limits or Limits()
    job = {"do": "pages", "kind": kind.name, "source": str(Path(source).resolve())}
    if not kind.convert:
        return _in_child(job, Path(out_dir), on_progress, limits)
    with confinement.scratch_in(Path(out_dir), limits) as bench:
        job |= {"kind": "pdf", "source": str(_converted(kind, job["source"], bench, limits, press))}
        return _in_child(job, Path(out_dir), on_progress, limits)


def _converted(kind: kinds.Kind, source: str, bench: Path, limits: Limits, press: Press | None) -> Path:
    """A PDF of the file, made in `bench` by a child of its own."""
    roomier = dataclasses.replace(
        limits,
        memory_bytes=max(limits.memory_bytes, kind.memory_bytes),
        output_bytes=max(limits.output_bytes, MOST_CONVERTED_BYTES),
        open_files=max(limits.open_files, MOST_CONVERTING_FILES),
    )
    job = {"do": "convert", "kind": kind.name, "source": source, "limits": dataclasses.asdict(roomier)}
    job |= dataclasses.asdict(press or Press())
    try:
        with _turns, contextlib.closing(confinement.answers_of(job, bench, roomier)) as answers:
            for answer in answers:
                if answer.cannot:
                    raise answer.cannot
    finally:
        for left in kind.leaves(bench):
            left.unlink(missing_ok=True)
    made = bench / kinds.CONVERTED
    if not starts_as(made, "pdf"):
        raise CannotRead("damaged")
    return made.resolve()


def burn(
    pages: Sequence[tuple[Path, Sequence[Box]]],
    out_dir: Path,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    limits: Limits | None = None,
) -> list[PageImage]:
    """Write each page image anew with its boxes painted over, and its thumbnail, into `out_dir`.

    `pages` are images that `make_pages` made, in order. A box hides what `covered_pixels` says: never
    less than was drawn, up to 11 pixels more. Two pages that differ only under a box come out equal
    byte for byte. Files are named as by `make_pages`. Raises CannotRead; ValueError on a box that is
    not four finite numbers.
    """
    for _, boxes in pages:
        for box in boxes:
            covered_pixels(dataclasses.astuple(box), 1, 1)
    listed = [
        {
            "image": str(Path(image).resolve()),
            "boxes": [list(dataclasses.astuple(box)) for box in boxes],
        }
        for image, boxes in pages
    ]
    return _of_pages({"do": "burn", "pages": listed}, out_dir, on_progress, limits)


def cut(pages: Sequence[Cut], out_dir: Path, *, limits: Limits | None = None) -> list[PageImage]:
    """Write page images anew, cut and turned, and their thumbnails, into `out_dir`; files are named as by `make_pages`.

    Raises CannotRead.
    """
    listed = [
        {
            "image": str(Path(page.image).resolve()),
            "crop": list(page.crop) if page.crop else None,
            "turn": page.turn % 4,
        }
        for page in pages
    ]
    return _of_pages({"do": "cut", "pages": listed}, out_dir, None, limits)


def _of_pages(
    job: dict[str, Any], out_dir: Path, on_progress: Callable[[int, int], None] | None, limits: Limits | None
) -> list[PageImage]:
    try:
        return _in_child(job, Path(out_dir), on_progress, limits or Limits())
    except CannotRead as error:
        if error.code in {"damaged", "cut_off"}:
            raise CannotRead("broken_page") from error
        raise


def _in_child(
    job: dict[str, Any],
    out_dir: Path,
    on_progress: Callable[[int, int], None] | None,
    limits: Limits,
) -> list[PageImage]:
    job |= {
        "limits": dataclasses.asdict(limits),
        "page_long_side": PAGE_LONG_SIDE,
        "thumb_long_side": THUMB_LONG_SIDE,
    }
    with confinement.scratch_in(out_dir, limits) as scratch:
        made: tuple[tuple[int, int], ...] = ()
        with _turns, contextlib.closing(confinement.answers_of(job, scratch, limits)) as answers:
            for answer in answers:
                if answer.cannot:
                    raise answer.cannot
                if answer.of and on_progress:
                    on_progress(answer.done, answer.of)
                made = answer.sizes or made
        if not 0 < len(made) <= limits.pages:
            raise CannotRead("damaged")
        with confinement.disk_full_in_words():
            return [keep_page(number, size, scratch, out_dir) for number, size in enumerate(made, 1)]


def keep_page(number: int, size: tuple[int, int], scratch: Path, out_dir: Path) -> PageImage:
    """Move a page that the child made from its `scratch` to `out_dir`. Raises CannotRead when it is no page."""
    image, thumbnail = f"page-{number:03}.jpg", f"thumb-{number:03}.webp"
    if not (starts_as(scratch / image, "jpeg") and starts_as(scratch / thumbnail, "webp")):
        raise CannotRead("damaged")
    for name in (image, thumbnail):
        (scratch / name).replace(out_dir / name)
    return PageImage(number, out_dir / image, out_dir / thumbnail, *size)
