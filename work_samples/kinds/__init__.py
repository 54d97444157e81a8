"""The kinds of file that a person may bring: a file each here, and a row each in `KINDS`.

A kind says how its files are known, what opens them and how they become pages; CONTRIBUTING says how to add one. The
upload page, the sentences and the tests take theirs from this list. Nothing here imports Django or anything of ESW but
what lies in this folder, because `decoder.py` loads it by its path in a process without them.
"""

from __future__ import annotations

from . import drawing, heic, jpeg, pdf, png, tiff, typed, webp
from .base import CONVERTED, Kind, Refusal

__all__ = ["CONVERTED", "KINDS", "Kind", "Refusal", "accept", "by_head", "drawing", "named"]

#: In the order in which a person reads them.
KINDS: tuple[Kind, ...] = (
    jpeg.KIND,
    png.KIND,
    webp.KIND,
    heic.KIND,
    tiff.KIND,
    pdf.KIND,
    typed.KIND,
)
_NAMED = {kind.name: kind for kind in KINDS}


def named(name: str) -> Kind:
    """The kind of that name. Raises KeyError."""
    return _NAMED[name]


def by_head(head: bytes) -> Kind | None:
    """The kind of a file by its first bytes, a few hundred at least. Its name does not count."""
    return next((kind for kind in KINDS if kind.is_it(head)), None)


def accept() -> str:
    """For the `accept=` of a field in which files are chosen."""
    return ",".join(part for kind in KINDS for part in (*kind.extensions, *kind.media_types))
