"""MOV: an iPhone's film."""

from __future__ import annotations

from .recording import Format, recording_kind

#: A film of before 2001 begins with one of these.
OLD = frozenset({b"moov", b"mdat", b"wide"})


def _is_it(head: bytes) -> bool:
    if head[4:8] == b"ftyp":
        return head[8:12] == b"qt  "
    return head[4:8] in OLD and head[:1] == b"\0"


KIND = recording_kind(
    name="mov",
    label="MOV",
    extensions=(".mov",),
    media_types=("video/quicktime",),
    how=Format(demuxer="mov"),
    is_it=_is_it,
)
