"""From a recording that was brought to one that may be played: a confined child (`confinement.py`) for sound and film.

    make_recording(path, folder)    slow, in a job

As `imaging`, without Django, and everything that can go wrong ends in `CannotRead`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from work_samples import confinement, kinds
from work_samples.checks import HEAD_BYTES, check_upload, starts_as
from work_samples.confinement import Limits
from work_samples.imaging import keep_page
from work_samples.kinds import recording
from work_samples.refusals import CannotRead

#: A job may work for half an hour; twenty minutes of film take some six on two cores.
LIMITS = Limits(
    seconds=1500.0,
    cpu_seconds=2600,
    memory_bytes=recording.MEMORY,
    output_bytes=recording.MOST_WRITTEN,
    open_files=128,
)
#: One at a time in this process, beside the turns that pages take, so that a long film holds up nobody's pages.
_turn = threading.BoundedSemaphore(1)
NAMES = {False: recording.SOUND, True: recording.FILM}


@dataclass(frozen=True)
class RecordingFile:
    """A finished recording: where its file is, and for film a picture of it, large and small."""

    file: Path
    seconds: float
    has_video: bool
    poster: Path | None = None
    thumbnail: Path | None = None
    width: int = 0
    height: int = 0


def is_recording(path: Path) -> bool:
    """Whether a file that was brought is one, by its first bytes."""
    try:
        with path.open("rb") as file:
            kind = kinds.by_head(file.read(HEAD_BYTES))
    except OSError:
        return False
    return kind is not None and kind.record is not None


def make_recording(
    source: Path,
    out_dir: Path,
    *,
    silences: Sequence[tuple[float, float]] = (),
    on_progress: Callable[[int, int], None] | None = None,
    limits: Limits = LIMITS,
) -> RecordingFile:
    """Make one recording anew in `out_dir`, silent and black in the spans `silences` (seconds from the start).

    `on_progress(done, of)` counts seconds of it, in the caller's thread. Raises CannotRead.
    """
    kind = kinds.named(check_upload(source))
    if kind.record is None:
        raise CannotRead("nothing_recorded")
    job = {
        "do": "record",
        "kind": kind.name,
        "source": str(Path(source).resolve()),
        "silences": [list(span) for span in silences],
        "limits": dataclasses.asdict(limits),
        "page_long_side": confinement.PAGE_LONG_SIDE,
        "thumb_long_side": confinement.THUMB_LONG_SIDE,
    }
    with confinement.scratch_in(Path(out_dir), limits) as scratch:
        made: confinement.Answer | None = None
        with _turn, contextlib.closing(confinement.answers_of(job, scratch, limits)) as answers:
            for answer in answers:
                if answer.cannot:
                    raise answer.cannot
                if answer.of and on_progress:
                    on_progress(answer.done, answer.of)
                made = answer if answer.recorded else made
        if made is None or made.recorded is None:
            raise CannotRead("damaged")
        return _kept(made, scratch, Path(out_dir))


def _kept(made: confinement.Answer, scratch: Path, out_dir: Path) -> RecordingFile:
    """Take out of the child's folder what is of the kinds that are served, and nothing else."""
    seconds, has_video = made.recorded or (0.0, False)
    name = NAMES[has_video]
    if not starts_as(scratch / name, "mp4" if has_video else "m4a") or len(made.sizes) != int(has_video):
        raise CannotRead("damaged")
    picture = keep_page(1, made.sizes[0], scratch, out_dir) if has_video else None
    (scratch / name).replace(out_dir / name)
    if picture is None:
        return RecordingFile(out_dir / name, seconds, has_video)
    return RecordingFile(
        out_dir / name, seconds, has_video, picture.image, picture.thumbnail, picture.width, picture.height
    )
