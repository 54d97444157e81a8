"""WebM: what a browser records of a screen or a camera."""

from __future__ import annotations

from pathlib import Path

from .recording import Format, recording_kind

EBML = b"\x1a\x45\xdf\xa3"

SEGMENT = b"\x18\x53\x80\x67"


def _is_whole(source: Path) -> bool:
    """Whether the file is as long as its one segment says; a browser that records leaves that open."""
    with source.open("rb") as file:
        head = file.read(4096)
    at = head.find(SEGMENT) + len(SEGMENT)
    if at < len(SEGMENT) or at >= len(head) or not head[at]:
        return False
    length = 9 - head[at].bit_length()
    number = int.from_bytes(head[at : at + length], "big")
    bits = 7 * length
    size = number & ((1 << bits) - 1)
    return size == (1 << bits) - 1 or at + length + size <= source.stat().st_size


KIND = recording_kind(
    name="webm",
    label="WebM",
    extensions=(".webm",),
    media_types=("video/webm", "audio/webm"),
    how=Format(demuxer="matroska", is_whole=_is_whole),
    is_it=lambda head: head[:4] == EBML and b"\x42\x82\x84webm" in head[:128],
)
