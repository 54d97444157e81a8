"""Makers of recordings as people bring them, by ffmpeg; and who needs them, where it is not installed, is left out."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.work_samples.files import SECRET
from work_samples.kinds import recording

#: What a phone writes beside the sound.
TELLING = {"title": SECRET, "artist": SECRET, "location": "+40.7128-074.0060/", "creation_time": "2026-01-02T03:04:05Z"}
TONE, FILM = "sine=frequency=440:sample_rate=44100", "testsrc=size=320x180:rate=15"


def needed():
    """Left out where ffmpeg is not installed; with CI=true that is a failure."""
    if not recording.missing():
        return
    if os.environ.get("CI") == "true":
        pytest.fail("ffmpeg is not installed: sh scripts/media.sh")
    pytest.skip("ffmpeg is not installed: sh scripts/media.sh")


def run(*words):
    command = [str(recording.program()), "-nostdin", "-v", "error", "-y", *(str(word) for word in words)]
    subprocess.run(command, check=True, timeout=120, capture_output=True)


def _telling():
    return [part for name, value in TELLING.items() for part in ("-metadata", f"{name}={value}")]


def sound(folder: Path, name: str, *, seconds=3, codec=()) -> Path:
    path = folder / name
    run("-f", "lavfi", "-i", f"{TONE}:duration={seconds}", *codec, *_telling(), path)
    return path


def film(folder: Path, name: str, *, seconds=3, size="320x180", codec=("-pix_fmt", "yuv420p")) -> Path:
    path = folder / name
    inputs = ("-f", "lavfi", "-i", FILM.replace("320x180", size) + f":duration={seconds}")
    tone = ("-f", "lavfi", "-i", f"{TONE}:duration={seconds}")
    run(*inputs, *tone, *codec, *_telling(), "-metadata:s:a", f"title={SECRET}", path)
    return path


WHOLE = {
    "mp3": lambda folder, **how: sound(folder, "voice.mp3", **how),
    "m4a": lambda folder, **how: sound(folder, "voice.m4a", **how),
    "ogg": lambda folder, **how: sound(folder, "voice.ogg", **how),
    "wav": lambda folder, **how: sound(folder, "voice.wav", **how),
    "mp4": lambda folder, **how: film(folder, "film.mp4", **how),
    "mov": lambda folder, **how: film(folder, "film.mov", **how),
    "webm": lambda folder, **how: film(folder, "film.webm", codec=("-c:v", "libvpx", "-c:a", "libvorbis"), **how),
}


def probed(path: Path) -> dict:
    """All that ffprobe says of a file."""
    words = ("-v", "error", "-show_format", "-show_streams", "-show_chapters", "-of", "json")
    command = [str(recording.program("ffprobe")), *words, str(path)]
    return json.loads(subprocess.run(command, check=True, timeout=60, capture_output=True).stdout)


def silent_spans(path: Path) -> list[tuple[float, float]]:
    """Where there is no sound at all, in seconds."""
    command = [str(recording.program()), "-i", str(path), "-af", "silencedetect=n=-70dB:d=0.3", "-f", "null", "-"]
    said = subprocess.run(command, check=True, timeout=60, capture_output=True, text=True).stderr
    starts = [float(each) for each in re.findall(r"silence_start: (-?[\d.]+)", said)]
    ends = [float(each) for each in re.findall(r"silence_end: ([\d.]+)", said)]
    return list(zip(starts, ends, strict=False))


def frame(path: Path, at: float) -> bytes:
    """The picture at that second, as grey bytes."""
    command = [str(recording.program()), "-v", "error", "-ss", str(at), "-i", str(path), "-frames:v", "1"]
    return subprocess.run([*command, "-pix_fmt", "gray", "-f", "rawvideo", "-"], check=True, capture_output=True).stdout
