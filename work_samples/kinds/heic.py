"""An iPhone's photos."""

# ruff: noqa: PLC0415  (its engine is imported by the program that opens a file, after its limits stand)

from __future__ import annotations

from .base import Kind
from .drawing import load_pillow, single_page

BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})


def _load() -> None:
    load_pillow()
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def _is_it(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and bool(BRANDS & _brands(head))


def _brands(head: bytes) -> set[bytes]:
    size = min(int.from_bytes(head[:4], "big"), len(head))
    compatible = {head[at : at + 4] for at in range(16, size - 3, 4)}
    return {head[8:12]} | compatible


KIND = Kind(
    name="heic",
    label="HEIC",
    extensions=(".heic", ".heif"),
    media_types=("image/heic", "image/heif"),
    is_it=_is_it,
    load=_load,
    pages=lambda source, job: (1, iter([single_page("HEIF", source, job)])),
)
