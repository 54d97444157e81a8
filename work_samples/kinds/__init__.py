"""The kinds of file that a person may bring: a file each here, and a row each in `KINDS`.

A kind says how its files are known, what opens them and how they become pages; CONTRIBUTING says how to add one. The
upload page, the sentences and the tests take theirs from this list. Nothing here imports Django or anything of ESW but
what lies in this folder, because `decoder.py` loads it by its path in a process without them.
"""

from __future__ import annotations

from pathlib import Path

from . import (
    docx,
    drawing,
    heic,
    jpeg,
    m4a,
    mov,
    mp3,
    mp4,
    odp,
    ods,
    odt,
    ogg,
    pdf,
    png,
    pptx,
    recording,
    rtf,
    tiff,
    typed,
    wav,
    webm,
    webp,
    xlsx,
)
from .base import CONVERTED, Kind, Refusal

__all__ = [
    "CONVERTED",
    "KINDS",
    "Kind",
    "Refusal",
    "accept",
    "available",
    "by_content",
    "by_head",
    "drawing",
    "named",
    "recording",
]

#: In the order in which a person reads them.
KINDS: tuple[Kind, ...] = (
    jpeg.KIND,
    png.KIND,
    webp.KIND,
    heic.KIND,
    tiff.KIND,
    pdf.KIND,
    docx.KIND,
    odt.KIND,
    rtf.KIND,
    pptx.KIND,
    odp.KIND,
    xlsx.KIND,
    ods.KIND,
    typed.KIND,
    mp3.KIND,
    m4a.KIND,
    ogg.KIND,
    wav.KIND,
    mp4.KIND,
    mov.KIND,
    webm.KIND,
)
_NAMED = {kind.name: kind for kind in KINDS}


def named(name: str) -> Kind:
    """The kind of that name. Raises KeyError."""
    return _NAMED[name]


def by_head(head: bytes) -> Kind | None:
    """The kind of a file by its first bytes, a few hundred at least. Its name does not count."""
    return next((kind for kind in KINDS if kind.is_it(head)), None)


def by_content(head: bytes, path: Path) -> Kind | None:
    """The kind of a file by its first bytes or, where they do not tell, by a cheap look into it."""
    whole = (kind for kind in KINDS if kind.is_it_whole and kind.is_it_whole(head, path))
    return by_head(head) or next(whole, None)


def available(*, recordings: bool = False) -> list[Kind]:
    """The kinds that may be brought to this server as files; recordings where the district takes them."""
    return [kind for kind in KINDS if kind.label and (recordings or not kind.record) and not kind.missing()]


def accept(*, recordings: bool = False) -> str:
    """For the `accept=` of a field in which files are chosen."""
    return ",".join(part for kind in available(recordings=recordings) for part in (*kind.extensions, *kind.media_types))
