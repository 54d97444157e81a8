"""A transcript as captions: lines that begin with a time become a WebVTT track, beside the player and under the film.

0:00 We went to the lake.            a time at the beginning of a line, with or without [ ]
[1:02] It was cold.
00:01:05.000 --> 00:01:07.500        or WebVTT and SRT as they are
So we swam.
"""

import re
from dataclasses import dataclass

_TIME = r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})(?:[.,](\d{1,3}))?"
_LINE = re.compile(rf"^\s*[\[(]?{_TIME}[\])]?\s*[-–:]?\s+(?=\S)", re.ASCII)
_CUE = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}", re.ASCII)
#: How long a caption without an end stays when no other follows.
STAYS = 8.0


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said from `start` to `end`, in seconds."""

    start: float
    end: float
    text: str


def _seconds(hours: str | None, minutes: str, seconds: str, part: str | None) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + (float(f"0.{part}") if part else 0.0)


def captions_of(transcript: str, *, seconds: float) -> list[Caption]:
    """The captions of a transcript, in order; none when fewer than two of its lines say a time."""
    open_at: list[tuple[float, float | None, list[str]]] = []
    for line in transcript.splitlines():
        cue, timed = _CUE.match(line), _LINE.match(line)
        if cue:
            open_at.append((_seconds(*cue.groups()[:4]), _seconds(*cue.groups()[4:]), []))
        elif timed:
            open_at.append((_seconds(*timed.groups()), None, [line[timed.end() :].strip()]))
        elif open_at and line.strip() and not line.strip().isdecimal():
            open_at[-1][2].append(line.strip())
    said = sorted((each for each in open_at if each[2] and each[0] < seconds), key=lambda each: each[0])
    if len(said) < 2:  # noqa: PLR2004 (one time is none)
        return []
    nexts = [each[0] for each in said[1:]] + [min(seconds, said[-1][0] + STAYS)]
    return [
        Caption(start, max(start + 0.5, end if end is not None else then), "\n".join(words))
        for (start, end, words), then in zip(said, nexts, strict=True)
    ]


def webvtt(transcript: str, *, seconds: float) -> str:
    """The track, '' when the transcript has no times. Nothing in it is markup."""
    said = captions_of(transcript, seconds=seconds)
    if not said:
        return ""
    cues = [f"{_clock(each.start)} --> {_clock(each.end)}\n{_plain(each.text)}\n" for each in said]
    return "WEBVTT\n\n" + "\n".join(cues)


def _clock(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
