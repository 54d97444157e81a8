"""The kinds of file that a person may bring: a file each here, and a row each in `KINDS`.

A kind says how its files are known, what opens them and how they become pages; CONTRIBUTING says how to add one. The
upload page, the sentences and the tests take theirs from this list. Nothing here imports Django or anything of ESW but
what lies in this folder, because `decoder.py` loads it by its path in a process without them.
"""

from __future__ import annotations

from pathlib import Path

from . import docx, drawing, heic, jpeg, odp, ods, odt, pdf, png, pptx, tiff, typed, webp, xlsx
from .base import CONVERTED, Kind, Refusal

__all__ = ["CONVERTED", "KINDS", "Kind", "Refusal", "accept", "available", "by_content", "by_head", "drawing", "named"]

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
    pptx.KIND,
    odp.KIND,
    xlsx.KIND,
    ods.KIND,
    typed.KIND,
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


def available() -> list[Kind]:
    """The kinds that may be brought to this server as files."""
    return [kind for kind in KINDS if kind.label and not kind.missing()]


def accept() -> str:
    """For the `accept=` of a field in which files are chosen."""
    return ",".join(part for kind in available() for part in (*kind.extensions, *kind.media_types))
