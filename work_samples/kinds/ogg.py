"""OGG: sound of free programs and of messengers (Vorbis, Opus)."""

from __future__ import annotations

from pathlib import Path

from .recording import Format, recording_kind

PAGE = b"OggS\0"
HEADER, LARGEST = 27, 65_307


def _is_whole(source: Path) -> bool:
    """Whether the last page is there to its end; its table says how long it is."""
    size = source.stat().st_size
    with source.open("rb") as file:
        file.seek(max(0, size - LARGEST))
        tail = file.read()
    page = tail[tail.rfind(PAGE) :] if PAGE in tail else b""
    if len(page) < HEADER:
        return False
    return HEADER + page[26] + sum(page[HEADER : HEADER + page[26]]) == len(page)


KIND = recording_kind(
    name="ogg",
    label="OGG",
    extensions=(".ogg", ".oga", ".opus"),
    media_types=("audio/ogg",),
    how=Format(demuxer="ogg", is_whole=_is_whole),
    is_it=lambda head: head[:5] == b"OggS\0",
)
