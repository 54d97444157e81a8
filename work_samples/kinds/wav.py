"""WAV: sound as it was sampled."""

from __future__ import annotations

from pathlib import Path

from .recording import Format, recording_kind

#: What a program writes that does not know the size yet.
UNKNOWN = frozenset({0, 0xFFFFFFFF})


def _is_whole(source: Path) -> bool:
    with source.open("rb") as file:
        size = int.from_bytes(file.read(8)[4:8], "little")
    return size in UNKNOWN or size + 8 <= source.stat().st_size + 1  # an odd one may lack its filling byte


KIND = recording_kind(
    name="wav",
    label="WAV",
    extensions=(".wav",),
    media_types=("audio/wav", "audio/x-wav"),
    how=Format(demuxer="wav", is_whole=_is_whole),
    is_it=lambda head: head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE",
)
