"""Silencing more of a recording that was withdrawn, because a name is said in it, so that it can come back.

It is made anew by a job from the file as it was withdrawn, as often as the spans are changed; nobody but those who look
after the withdrawal hears any of it, and when that is settled, only what was made last is left.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from esw.core import jobs
from esw.core.afterwards import after_commit
from esw.core.database import held
from esw.core.models import Job, JobState
from teams.models import User
from work_samples import imaging, recorder
from work_samples.domain import files, recordings, withdrawing, withholding
from work_samples.models import HeldRecording, Recording, Sample, Withdrawal

SILENCE = "work_samples.silence_withdrawn"

Report = Callable[[int, int], None]


def silence(
    *, withdrawal: Withdrawal, spans: Sequence[tuple[float, float]], transcript: str, by: User, now: datetime
) -> None:
    """Have the recording made anew, silent in these spans and no others, with this transcript.

    What was silenced before it was withdrawn stays so. Raises withdrawing.NotWithdrawn, recordings.NotRecorded,
    PermissionDenied.
    """
    words = recordings.plain_transcript(transcript)
    with transaction.atomic():
        row = withdrawing.locked_now(withdrawal)
        withdrawing.check_mine_to_cover(row, by)
        found = withholding.recording_of(row)
        if found is None:
            raise recordings.NotRecorded(recordings.NO_RECORDING)
        recording, asked = found.recording, [list(span) for span in spans]
        if found.transcript != words or recording.silences != asked:
            found.source, found.transcript = found.source or found.file, words
            found.save(update_fields=["source", "transcript"])
            Recording.objects.filter(pk=recording.pk).update(silences=asked)
        if asked != recording.made_silences:
            jobs.enqueue(task=SILENCE, target=row.pk, now=now)


def make(*, job: Job, report: Report) -> None:
    """Make the recording of the job's withdrawal anew until it is as was asked. Raises JobFailed with why not.

    One that is settled, or whose recording is as it should be, needs nothing.
    """
    while (found := _waiting(job.target)) is not None:
        if not _make(found, job=job, report=report):
            return


def queue_what_is_left(*, withdrawal_id: UUID, now: datetime) -> None:
    """Queue the job again when other spans were asked after the last one had looked."""
    latest = jobs.latest(withdrawal_id, task=SILENCE)
    if _waiting(withdrawal_id) is not None and latest is not None and latest.state == JobState.DONE:
        jobs.enqueue(task=SILENCE, target=withdrawal_id, now=now)


def _waiting(withdrawal_id: UUID) -> HeldRecording | None:
    row = Withdrawal.objects.filter(pk=withdrawal_id, settled_at=None).first()
    found = withholding.recording_of(row) if row else None
    return None if found is None or found.is_as_asked else found


def _make(found: HeldRecording, *, job: Job, report: Report) -> bool:
    """Once; False when this run should stop."""
    sample_id, kept = found.recording.sample_id, list[str]()
    silences = [(float(start), float(end)) for start, end in found.recording.silences]
    try:
        with files.local(found.source) as source, files.workbench(files.PAGES, sample_id) as bench:
            made = recorder.make_recording(source, bench, silences=silences, on_progress=report)
            paths = (made.file, made.poster, made.thumbnail)
            kept.extend(files.keep_image(path, files.PAGES, sample_id) if path else "" for path in paths)
        is_swapped = _swap(found, kept, silences, job)
    except BaseException as problem:
        files.delete(*kept)
        if isinstance(problem, imaging.CannotRead | files.DiskFull):
            raise jobs.JobFailed(problem.sentence) from problem
        if isinstance(problem, FileNotFoundError):
            raise jobs.JobFailed(withdrawing.DESTROYED) from problem
        raise
    if not is_swapped:
        files.delete(*kept)
    return is_swapped


@transaction.atomic
def _swap(found: HeldRecording, kept: Sequence[str], silences: Sequence[tuple[float, float]], job: Job) -> bool:
    """Let the row name what was made, unless meanwhile it was settled or another run took over."""
    held(Sample.objects.all()).get(pk=found.recording.sample_id)
    is_ours = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts).exists()
    there = HeldRecording.objects.filter(pk=found.pk).first()
    if there is None or not is_ours:
        return False
    earlier = {there.file, there.poster, there.thumbnail} - {there.source, ""}
    there.file, there.poster, there.thumbnail = kept
    there.save(update_fields=["file", "poster", "thumbnail"])
    Recording.objects.filter(pk=there.recording_id).update(made_silences=[list(span) for span in silences])
    after_commit(files.delete, *earlier)
    return True
