"""MP4: what Android phones and most programs make of film, and some of sound alone."""

from __future__ import annotations

from .recording import Format, recording_kind

BRANDS = frozenset(
    {
        *(b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash"),
        *(b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3g2a", b"mmp4", b"XAVC", b"f4v "),
    }
)

KIND = recording_kind(
    name="mp4",
    label="MP4",
    extensions=(".mp4", ".m4v", ".3gp"),
    media_types=("video/mp4", "video/3gpp"),
    how=Format(demuxer="mov"),
    is_it=lambda head: head[4:8] == b"ftyp" and head[8:12] in BRANDS,
)
