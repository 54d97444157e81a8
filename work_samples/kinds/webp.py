"""Pictures as web pages and some phones keep them."""

from __future__ import annotations

from .base import Kind
from .drawing import load_pillow, single_page

KIND = Kind(
    name="webp",
    label="WebP",
    extensions=(".webp",),
    media_types=("image/webp",),
    is_it=lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
    load=load_pillow,
    pages=lambda source, job: (1, iter([single_page("WEBP", source, job)])),
)
