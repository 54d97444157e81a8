"""Recordings: made anew by the job that makes pages, silenced where a name is said, confirmed with consent on file.

What is silenced is burned in before the uploader confirms: after each change of the spans the job makes the recording
anew from the file that was brought, so that the preview is exactly what others will hear, and confirming only moves it.
"""

import contextlib
import math
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from esw.core import clock, jobs
from esw.core.afterwards import after_commit
from esw.core.database import held
from esw.core.models import Job, JobState
from work_samples import recorder
from work_samples.domain import bringing, files
from work_samples.kinds import recording as kind
from work_samples.models import TRANSCRIPT_LENGTH, Recording, Sample, Upload

ONE_RECORDING = "This sample has a recording already. Take this file out here and bring it as a sample of its own."
NO_CONSENT = "Tick that consent is on file: a voice or a face identifies a student, and covering names is not enough."
CONFIRMED = "This sample is confirmed, so its recording stays as it is."
NO_RECORDING = "This sample has no recording."
TOO_MANY = f"At most {kind.MOST_SILENCES} spans can be silenced. Bring a shorter part of the recording instead."
NO_SPAN = "“{given}” is no span of time. Write when it begins and ends, such as 0:42–0:45."
ORDER = "A span ends after it begins: “{given}” does not."
BEYOND = "The recording is {seconds:.0f} seconds long, and “{given}” begins after its end."
TOO_LONG = f"A transcript holds {TRANSCRIPT_LENGTH:,} characters; this one has {{length:,}}."


class NotRecorded(Exception):
    """It cannot be done as asked; `sentence` says why. Nothing was changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


# --- making ----------------------------------------------------------------------------------------------


def make(upload: Upload, source: Path, bench: Path, *, job: Job, on_progress: Callable[[int, int], None]) -> bool:
    """Make the recording of one upload anew, silenced as its row says; False when this run should stop.

    Raises NotRecorded (another recording is there), `imaging.CannotRead`, `files.DiskFull`.
    """
    there = Recording.objects.filter(sample=upload.sample_id).first()
    if there is not None and there.upload_id != upload.pk:
        raise NotRecorded(ONE_RECORDING)
    silences = _spans(there.silences) if there else []
    made = recorder.make_recording(source, bench, silences=silences, on_progress=on_progress)
    kept: list[str] = []
    try:
        paths = (made.file, made.poster, made.thumbnail)
        kept.extend(files.keep_image(path, files.DRAFTS, upload.sample_id) if path else "" for path in paths)
        is_recorded = _record(upload, made, kept, silences=silences, job=job)
    except Exception:
        files.delete(*kept)
        raise
    if not is_recorded:
        files.delete(*kept)
    return is_recorded


def _spans(given: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    return [(float(start), float(end)) for start, end in given]


@transaction.atomic
def _record(
    upload: Upload,
    made: recorder.RecordingFile,
    kept: Sequence[str],
    *,
    silences: Sequence[tuple[float, float]],
    job: Job,
) -> bool:
    """Write the row, unless meanwhile the sample or the file went, other spans were asked, or another run took over."""
    sample = held(Sample.objects.waiting()).filter(pk=upload.sample_id).first()
    is_ours = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts).exists()
    fresh = Upload.objects.filter(pk=upload.pk, made_at=None)
    if sample is None or not is_ours or not fresh.exists():
        return False
    before = Recording.objects.filter(sample=sample).first()
    if before is not None and before.upload_id != upload.pk:
        raise NotRecorded(ONE_RECORDING)
    if before is None or _spans(before.silences) == list(silences):
        fresh.update(made_at=clock.now(), error="")  # else it is made once more
    values = {
        "upload": upload,
        "file": kept[0],
        "poster": kept[1],
        "thumbnail": kept[2],
        "seconds": made.seconds,
        "has_video": made.has_video,
        "width": made.width,
        "height": made.height,
        "made_silences": [list(span) for span in silences],
    }
    Recording.objects.update_or_create(sample=sample, defaults=values)
    if before is not None:
        after_commit(files.delete, *names_of(before))
    return True


def names_of(recording: Recording) -> list[str]:
    """Its files in the private storage."""
    return [file.name for file in (recording.file, recording.poster, recording.thumbnail) if file.name]


# --- names that are said ---------------------------------------------------------------------------------


def read_spans(text: str, *, seconds: float) -> list[tuple[float, float]]:
    """Spans as a person writes them, one a line or with commas: `0:42–0:45`. Merged, in order. Raises NotRecorded."""
    pieces = [piece.strip() for piece in text.replace(",", "\n").replace(";", "\n").splitlines()]
    spans = sorted(_span(piece, seconds=seconds) for piece in pieces if piece)
    merged: list[tuple[float, float]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    if len(merged) > kind.MOST_SILENCES:
        raise NotRecorded(TOO_MANY)
    return merged


def _span(piece: str, *, seconds: float) -> tuple[float, float]:
    shown = piece[:40]
    ends = [_moment(part) for part in piece[:60].replace("–", "-").replace("—", "-").replace(" to ", "-").split("-")]
    if len(ends) != 2 or None in ends:  # noqa: PLR2004 (two ends)
        raise NotRecorded(NO_SPAN.format(given=shown))
    start, end = ends[0] or 0.0, ends[1] or 0.0
    if end <= start:
        raise NotRecorded(ORDER.format(given=shown))
    if start >= seconds:
        raise NotRecorded(BEYOND.format(seconds=seconds, given=shown))
    return start, min(end, math.ceil(seconds))


def _moment(text: str) -> float | None:
    """Seconds of `42`, `1:23` or `1:02:03.5`; None for anything else."""
    parts = text.strip().split(":")
    if not 1 <= len(parts) <= 3 or not all(part.replace(".", "", 1).isdecimal() and part.isascii() for part in parts):  # noqa: PLR2004
        return None
    total = 0.0
    for part in parts:
        total = total * 60 + float(part)
    return total


def silence(*, sample: Sample, spans: Sequence[tuple[float, float]], now: datetime) -> Recording:
    """Have the recording made anew with these spans silent and black, and no others.

    What was brought is gone when the second person has sent it back: then what they heard is silenced further. Raises
    NotRecorded, `files.DiskFull`.
    """
    with transaction.atomic():
        found = _held_draft(sample)
        if _spans(found.silences) == list(spans):
            return found
        found.silences = [list(span) for span in spans]
        if found.upload_id is None:
            found.upload = _brought_again(found, now=now)
        found.save(update_fields=["silences", "upload"])
        Upload.objects.filter(recordings=found).update(made_at=None, error="")
        jobs.enqueue(task=bringing.MAKE_PAGES, target=sample.pk, now=now)
    return found


def _brought_again(found: Recording, *, now: datetime) -> Upload:
    """The recording as it was heard, in the place of the file that was brought; the sweep takes it if this fails."""
    last = Upload.objects.filter(sample=found.sample_id).aggregate(last=Max("position"))["last"] or 0
    name = found.file.name or ""
    return Upload.objects.create(
        sample_id=found.sample_id,
        position=last + 1,
        file=_copied(name, found.sample_id, files.UPLOADS),
        name=f"the {found.kind_words} that was sent back",
        is_recording=True,
        created_at=now,
    )


def _held_draft(sample: Sample) -> Recording:
    if not held(Sample.objects.waiting()).filter(pk=sample.pk).exists():
        raise NotRecorded(CONFIRMED)
    found: Recording | None = Recording.objects.filter(sample=sample).first()
    if found is None:
        raise NotRecorded(NO_RECORDING)
    return found


def say_consent(*, sample: Sample, now: datetime) -> None:
    """Write down that its uploader says consent is on file: the first time counts. Raises NotRecorded."""
    with transaction.atomic():
        found = _held_draft(sample)
        if found.consent_at is None:
            found.consent_at = now
            found.save(update_fields=["consent_at"])


def set_transcript(*, recording: Recording, text: str) -> Recording:
    """Keep what is said in it, before confirming or after. Raises NotRecorded."""
    recording.transcript = plain_transcript(text)
    recording.save(update_fields=["transcript"])
    return recording


def plain_transcript(text: str) -> str:
    """As it is kept. Raises NotRecorded when it is too long."""
    plain = text.replace("\0", "").replace("\r\n", "\n").strip()
    if len(plain) > TRANSCRIPT_LENGTH:
        raise NotRecorded(TOO_LONG.format(length=len(plain)))
    return plain


# --- confirming ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """A recording's files in the folder of what may be seen, by the names of those that they were made of."""

    recording: Recording | None = None
    names: tuple[str, ...] = ()


def of(sample: Sample) -> Recording | None:
    """The recording of a sample, asked anew."""
    return Recording.objects.filter(sample=sample.pk).first()


def state_of(recording: Recording | None) -> list[Any]:
    """What a preview shows of it, for a fingerprint; empty without a recording."""
    return [recording.file.name, recording.made_silences, recording.silences] if recording else []


@contextlib.contextmanager
def confirmed_copy(sample: Sample) -> Iterator[Kept]:
    """The sample's recording once more, where confirmed files lie; removed again when what follows goes wrong.

    Raises `files.DiskFull` and FileNotFoundError.
    """
    found = of(sample)
    if found is None:
        yield Kept()
        return
    names: list[str] = []
    try:
        there = (found.file, found.poster, found.thumbnail)
        names.extend(_copied(file.name, sample.pk, files.PAGES) if file.name else "" for file in there)
        yield Kept(found, tuple(names))
    except BaseException:
        files.delete(*names)
        raise


def _copied(name: str, sample_id: UUID, kind: str) -> str:
    with files.local(name) as source, files.workbench(kind, sample_id) as bench:
        copy = bench / f"copy{Path(name).suffix}"
        try:
            os.link(source, copy)  # at once, however long the film is
        except OSError:
            shutil.copyfile(source, copy)
        return files.keep_image(copy, kind, sample_id)


def confirm(kept: Kept) -> bool:
    """Let the row name the confirmed files, within the caller's transaction; False when it has changed meanwhile."""
    if kept.recording is None:
        return True
    found = Recording.objects.filter(pk=kept.recording.pk).first()
    if found is None or state_of(found) != state_of(kept.recording):
        return False
    file, poster, thumbnail = kept.names
    Recording.objects.filter(pk=found.pk).update(upload=None, file=file, poster=poster, thumbnail=thumbnail)
    return True
