"""M4A: an iPhone's voice memo."""

from __future__ import annotations

from .recording import Format, recording_kind

BRANDS = frozenset({b"M4A ", b"M4B ", b"M4P "})

KIND = recording_kind(
    name="m4a",
    label="M4A",
    extensions=(".m4a",),
    media_types=("audio/mp4", "audio/x-m4a"),
    how=Format(demuxer="mov"),
    is_it=lambda head: head[4:8] == b"ftyp" and head[8:12] in BRANDS,
)
