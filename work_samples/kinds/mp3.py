"""MP3: what most voice recorders make."""

from __future__ import annotations

from pathlib import Path

from .recording import Format, recording_kind

#: Bits a second in thousands and samples a second by the codes of a frame's header, layer III; MPEG 1, then MPEG 2.
RATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
MPEG_1, LAYER_3 = 3, 1


def _is_it(head: bytes) -> bool:
    """A tag, or two frames one after the other: one alone is two bytes that any file may begin with."""
    if head[:3] == b"ID3":
        return len(head) > 10 and head[3] < 8 and all(byte < 128 for byte in head[6:10])  # noqa: PLR2004
    length = _frame(head)
    return length > 0 and _frame(head[length : length + 4]) > 0


def _frame(head: bytes) -> int:
    """How many bytes the frame of layer III takes that begins here; 0 for none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:  # noqa: PLR2004
        return 0
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, samples, padded = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version not in SAMPLES or layer != LAYER_3 or rate in {0, 15} or samples == 3:  # noqa: PLR2004
        return 0
    is_first = version == MPEG_1
    return (144 if is_first else 72) * RATES[not is_first][rate] * 1000 // SAMPLES[version][samples] + padded


def _is_timed(source: Path) -> bool:
    """Whether the first frame counts the others: without that, ffmpeg guesses the length."""
    with source.open("rb") as file:
        head = file.read(10)
        if head[:3] == b"ID3":
            file.seek(10 + sum((byte & 127) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True)))
        else:
            file.seek(0)
        first = file.read(1500)
    return any(mark in first for mark in (b"Xing", b"Info", b"VBRI"))


KIND = recording_kind(
    name="mp3",
    label="MP3",
    extensions=(".mp3",),
    media_types=("audio/mpeg",),
    how=Format(demuxer="mp3", is_timed=_is_timed),
    is_it=_is_it,
)
