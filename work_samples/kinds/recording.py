"""Sound and film: ffmpeg makes each anew, in one kind that every browser plays. Each format has a file of its own.

Nothing of the file that was brought is copied: what is served was decoded and encoded here, without its metadata (where
and when it was made, with which phone), chapters, subtitles, cover pictures and other streams. The demuxer is the one
that the first bytes ask for and no other, it opens files alone, and only decoders of a short list: so a playlist, a
list of other files or an address in disguise reads nothing. ffmpeg runs in the same confined process as every decoder
(`decoder.confine`): no network, nothing to read but this file, limits of memory, processor time and output.

Sound becomes AAC in M4A and film H.264 and AAC in MP4: the pair that the browsers of schools play, old phones and
tablets too, and that finds any moment at once by a table in the file (an MP3 has none). Ogg and WebM would not play on
older iPhones and iPads, which many schools use.
"""

# ruff: noqa: PLC0415  (Pillow is imported by the program that opens a file, after its limits stand)

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .base import Kind, Refusal
from .drawing import check_pixels, load_pillow, open_image, to_page

if TYPE_CHECKING:
    from PIL import Image

MIB = 1024 * 1024
MAX_BYTES = 500 * MIB
MAX_MINUTES = 20
MAX_SECONDS = MAX_MINUTES * 60
#: Two frames of 4K in flight, several times over.
MEMORY = 3072 * MIB
#: What ffmpeg may write: twenty minutes at the highest rate, and room to move the table to the front.
MOST_WRITTEN = 700 * MIB
MAX_PIXELS = 4096 * 4096
LONG_SIDE, SHORT_SIDE = 1280, 720
MOST_FRAMES_A_SECOND, FEWEST_FRAMES_A_SECOND = 30, 10
#: A silence begins and ends this many seconds wider than asked: frames of sound and film are not cut in the middle.
WIDER = 0.15
MOST_SILENCES = 60
SOUND, FILM, POSTER = "recording.m4a", "recording.mp4", "poster.png"
THREADS = "2"
DECODERS = (
    *("aac", "aac_latm", "aac_fixed", "alac", "flac", "mp3", "mp3float", "opus", "libopus", "vorbis", "libvorbis"),
    *("amrnb", "amrwb", "libopencore_amrnb", "libopencore_amrwb", "pcm_alaw", "pcm_mulaw", "adpcm_ms", "adpcm_ima_wav"),
    *("pcm_u8", "pcm_s8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_f32le", "pcm_f32be"),
    *("h264", "hevc", "mpeg4", "h263", "mjpeg", "vp8", "vp9", "libvpx", "libvpx-vp9", "av1", "libdav1d", "prores"),
    # Covers and subtitles: none is kept, but ffprobe opens each stream to say what it is.
    *("png", "bmp", "mov_text", "subrip", "srt", "webvtt", "text", "ass", "ssa"),
)
CUT_OFF_WORDS = ("moov atom not found", "partial file", "end of file", "truncat", "stream ends prematurely")
MEMORY_WORDS = ("cannot allocate memory",)
#: How much of what a file says of its length may be missing, as a share of it and in seconds.
MISSING_SHARE, MISSING_SECONDS = 0.005, 0.2

Say = Callable[[int, int], None]


@dataclass(frozen=True)
class Format:
    """How ffmpeg reads a format.

    demuxer     the one that reads it
    is_whole    whether a file of it has its end, where the file itself tells
    is_timed    whether what a file says of its length can be believed
    """

    demuxer: str
    is_whole: Callable[[Path], bool] = lambda _source: True
    is_timed: Callable[[Path], bool] = lambda _source: True


@cache
def program(name: str = "ffmpeg") -> str | None:
    """Where ffmpeg (or ffprobe) is on this machine; None when it is not installed."""
    return shutil.which(name)


def missing() -> str | None:
    return None if program() and program("ffprobe") else "no_ffmpeg"


def readable() -> list[str]:
    """What ffmpeg reads beside the system's libraries: itself, and the list of libraries."""
    found = [str(Path(each).resolve().parent) for each in (program(), program("ffprobe")) if each]
    return [*found, "/etc/ld.so.cache"]


@dataclass(frozen=True)
class Streams:
    """What is in a file: the numbers of its streams of sound and film (None without), and how long it says it is."""

    sound: int | None
    film: int | None
    seconds: float | None
    channels: int = 1
    rate: float = MOST_FRAMES_A_SECOND


# --- what is in it --------------------------------------------------------------------------------------


def look(source: str, demuxer: str) -> Streams:
    """What the file holds, by ffprobe. Raises Refusal."""
    shown = (
        "format=duration:stream=index,codec_type,width,height,channels,avg_frame_rate:stream_disposition=attached_pic"
    )
    command = [
        str(program("ffprobe")),
        *("-v", "error", *_opening(demuxer), "-show_entries", shown, "-of", "json", f"file:{source}"),
    ]
    said, errors = Path("probe.json"), Path("probe.txt")
    with said.open("wb") as out, errors.open("wb") as err:
        status = subprocess.run(  # noqa: S603  (no shell; the only name in it is ours)
            command, env=_environment(), stdin=subprocess.DEVNULL, stdout=out, stderr=err, check=False
        ).returncode
    if status:
        raise Refusal(_why(status, errors.read_bytes()[-4096:].decode("utf-8", "replace")))
    return _streams(json.loads(said.read_bytes()[:MIB]))


def _streams(found: dict[str, Any]) -> Streams:
    streams = [each for each in found.get("streams", []) if not each.get("disposition", {}).get("attached_pic")]
    sound = next((each for each in streams if each.get("codec_type") == "audio"), None)
    film = next((each for each in streams if each.get("codec_type") == "video"), None)
    if sound is None and film is None:
        raise Refusal("nothing_recorded")
    if film is not None:
        check_pixels((int(film.get("width", 0)), int(film.get("height", 0))), MAX_PIXELS)
    seconds = _number(found.get("format", {}).get("duration"))
    if seconds is not None and seconds > MAX_SECONDS + 1:
        raise Refusal("too_long", minutes=round(seconds / 60), limit=MAX_MINUTES)
    return Streams(
        sound=sound["index"] if sound else None,
        film=film["index"] if film else None,
        seconds=seconds,
        channels=min(2, max(1, int((sound or {}).get("channels", 1)))),
        rate=_rate((film or {}).get("avg_frame_rate", "")),
    )


def _number(text: Any) -> float | None:
    try:
        value = float(text)
    except (TypeError, ValueError):
        return None
    return value if 0 < value < 1e9 else None  # noqa: PLR2004 (no infinity)


def _rate(text: str) -> float:
    above, _, below = text.partition("/")
    rate = (_number(above) or 0) / (_number(below) or 1)
    return min(max(rate or MOST_FRAMES_A_SECOND, FEWEST_FRAMES_A_SECOND), MOST_FRAMES_A_SECOND)


# --- making it anew -------------------------------------------------------------------------------------


def record(job: dict[str, Any], how: Format, say: Say) -> dict[str, Any]:
    """Make the recording anew in the current folder; returns `seconds`, `has_video` and, for film, its poster.

    `job["silences"]` are the spans (pairs of seconds) that become silent and black. Raises Refusal.
    """
    source = job["source"]
    if not how.is_whole(Path(source)):
        raise Refusal("cut_off")
    inside = look(source, how.demuxer)
    said = inside.seconds if how.is_timed(Path(source)) else None
    made = SOUND if inside.film is None else FILM
    _run(_command(source, how.demuxer, inside, job.get("silences", []), made), inside.seconds, say)
    outcome = look(made, "mov")
    seconds = outcome.seconds
    if seconds is None or (outcome.film is None) != (inside.film is None):
        raise Refusal("damaged")
    if seconds > MAX_SECONDS + 1:
        raise Refusal("too_long", minutes=round(seconds / 60), limit=MAX_MINUTES)
    if said and said - seconds > max(MISSING_SECONDS, MISSING_SHARE * said):
        raise Refusal("cut_off")
    poster = None if inside.film is None else _poster(made, seconds, job)
    return {"seconds": round(seconds, 3), "has_video": inside.film is not None, "poster": poster}


def _opening(demuxer: str) -> list[str]:
    """Of a file from outside: this demuxer, files alone, these decoders alone."""
    return ["-protocol_whitelist", "file", "-f", demuxer, "-codec_whitelist", ",".join(DECODERS)]


def _command(source: str, demuxer: str, inside: Streams, silences: Sequence[Sequence[float]], made: str) -> list[str]:
    command = [str(program()), *("-nostdin", "-hide_banner", "-v", "error", "-y"), *("-threads", THREADS)]
    command += [*_opening(demuxer), "-t", str(MAX_SECONDS + 2), "-i", f"file:{source}"]
    if inside.film is not None:
        command += ["-map", f"0:{inside.film}", "-vf", ",".join(_film_filters(inside, silences))]
        command += [*("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main", "-pix_fmt", "yuv420p")]
        command += [*("-crf", "25", "-maxrate", "2000k", "-bufsize", "4000k", "-g", "60", "-flags:v", "+bitexact")]
        command += ["-bsf:v", "filter_units=remove_types=6"]  # where the encoder writes about itself
    if inside.sound is not None:
        command += ["-map", f"0:{inside.sound}", "-af", ",".join(_sound_filters(silences))]
        command += [*("-c:a", "aac", "-b:a", f"{64 * inside.channels}k", "-ac", str(inside.channels))]
        command += ["-flags:a", "+bitexact"]
    command += [*("-sn", "-dn", "-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1")]
    command += [*("-fflags", "+bitexact", "-movflags", "+faststart", "-max_muxing_queue_size", "4096")]
    command += [*("-threads", THREADS, "-progress", "pipe:1", "-stats_period", "1", "-f", _muxer(made), made)]
    return command


def _muxer(made: str) -> str:
    return "ipod" if made == SOUND else "mp4"


def _film_filters(inside: Streams, silences: Sequence[Sequence[float]]) -> list[str]:
    wide, high = f"if(gte(iw,ih),{LONG_SIDE},{SHORT_SIDE})", f"if(gte(iw,ih),{SHORT_SIDE},{LONG_SIDE})"
    fit = f"w='min(iw,{wide})':h='min(ih,{high})':force_original_aspect_ratio=decrease:force_divisible_by=2"
    filters = [f"fps={inside.rate:.3f}", f"scale={fit}"]
    if silences:
        filters.append(f"drawbox=x=0:y=0:w=iw:h=ih:color=black:t=fill:enable='{_when(silences)}'")
    return filters


def _sound_filters(silences: Sequence[Sequence[float]]) -> list[str]:
    """Frames of a hundredth of a second, because a silence covers whole frames."""
    filters = ["aresample=48000:async=1"]
    if silences:
        filters += ["asetnsamples=n=480:p=0", f"volume=volume=0:enable='{_when(silences)}'"]
    return filters


def _when(silences: Iterable[Sequence[float]]) -> str:
    return "+".join(f"between(t,{max(0.0, start - WIDER):.3f},{end + WIDER:.3f})" for start, end in silences)


def _run(command: list[str], expected: float | None, say: Say) -> None:
    """Run ffmpeg to its end, telling `say` how many seconds of how many are done. Raises Refusal."""
    last: deque[str] = deque(maxlen=40)
    of = max(1, round(expected or 1))
    with subprocess.Popen(  # noqa: S603  (no shell; the only name in it is ours)
        command,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        bufsize=1,
    ) as running:
        for line in running.stdout or ():
            name, _, value = line[:400].strip().partition("=")
            if name == "out_time_us" and value.isdecimal():
                say(min(int(value) // 1_000_000, of), of)
            elif not value:
                last.append(line[:400])
    if running.returncode:
        raise Refusal(_why(running.returncode, "".join(last)))


def _why(status: int, said: str) -> str:
    """The code of the refusal, by how ffmpeg ended and what it said."""
    words = said.lower()
    ended = {-signal.SIGXCPU: "time", -signal.SIGKILL: "memory", -signal.SIGXFSZ: "too_large_made"}
    if status in ended:
        return ended[status]
    if any(word in words for word in MEMORY_WORDS):
        return "memory"
    if "file too large" in words:
        return "too_large_made"
    if "no space left" in words or "quota exceeded" in words:
        return "disk"
    return "cut_off" if any(word in words for word in CUT_OFF_WORDS) else "damaged"


def _poster(made: str, seconds: float, job: dict[str, Any]) -> Image.Image:
    """A picture of the film, from its beginning where something can be seen already."""
    at = min(1.0, seconds / 4)
    command = [str(program()), *("-nostdin", "-hide_banner", "-v", "error", "-y", "-ss", f"{at:.3f}")]
    command += [*("-protocol_whitelist", "file", "-f", "mov", "-i", f"file:{made}", "-frames:v", "1")]
    command += ["-an", "-f", "image2", "-c:v", "png", "-update", "1", POSTER]
    _run(command, None, lambda _done, _of: None)
    with open_image("PNG", POSTER) as image:
        check_pixels(image.size, job["limits"]["pixels"])
        image.load()
        return to_page(image, job["page_long_side"])


def _environment() -> dict[str, str]:
    here = str(Path.cwd())
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return kept | {"HOME": here, "TMPDIR": here, "LANG": "C.UTF-8", "PATH": os.environ.get("PATH", os.defpath)}


# --- a row for the registry ------------------------------------------------------------------------------


def _load() -> None:
    load_pillow()
    from PIL import PngImagePlugin  # noqa: F401


def recording_kind(
    *,
    name: str,
    label: str,
    extensions: tuple[str, ...],
    media_types: tuple[str, ...],
    how: Format,
    is_it: Callable[[bytes], bool],
) -> Kind:
    """A kind for the registry."""
    return Kind(
        name=name,
        label=label,
        extensions=extensions,
        media_types=media_types,
        is_it=is_it,
        load=_load,
        record=lambda job, say: record(job, how, say),
        missing=missing,
        readable=readable,
        memory_bytes=MEMORY,
        max_bytes=MAX_BYTES,
    )
