"""The task itself as pages: brought as files, made by a job through the same confined decoder as students' work.

Bringing it anew makes a new task and leaves alone the one that a session was run with.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import ProtectedError

from esw.core import clock, jobs
from esw.core.afterwards import after_commit
from esw.core.database import held
from esw.core.models import Job, JobState
from teams.models import User
from work_samples import imaging, kinds
from work_samples.domain import files
from work_samples.domain.bringing import NotBrought
from work_samples.domain.pages import GONE, press
from work_samples.models import Assignment, Task, TaskPage

MAKE_TASK = "work_samples.make_task_pages"
MAX_FILES = 20
TOO_MANY_FILES = f"A task may have up to {MAX_FILES} files. Choose fewer, or put them into one PDF."
TOO_MANY_PAGES = f"Together these files have more than {imaging.MAX_PAGES} pages, the most for a task. Bring fewer."
NO_FILES = "Choose the file or the photos of the task."
IS_RECORDING = "A task is shown as pages, so it cannot be a recording. Bring it as a photo, a PDF or a document."

Report = Callable[[int, int], None]
_Kept = tuple[imaging.PageImage, str, str]  # a page, and its image and thumbnail as the storage calls them


def bring_task(*, assignment: Assignment, uploads: Sequence[UploadedFile], by: User, now: datetime) -> Task:
    """Take the files of a task, in their order; a job makes its pages. Raises NotBrought, and then nothing is taken."""
    if not uploads:
        raise NotBrought(NO_FILES)
    if len(uploads) > MAX_FILES:
        raise NotBrought(TOO_MANY_FILES)
    for upload in uploads:
        _check(upload)
    task = Task(assignment=assignment, by=by, created_at=now)
    kept: list[str] = []
    try:
        kept.extend(files.keep_upload(upload, task.pk) for upload in uploads)
        _record(task, kept, now)
    except files.DiskFull as full:
        files.delete(*kept)
        raise NotBrought(full.sentence) from full
    except BaseException:
        files.delete(*kept)
        raise
    return task


def _check(upload: Any) -> None:
    path = Path(upload.temporary_file_path())
    try:
        kind = imaging.check_upload(path)
    except imaging.CannotRead as problem:
        raise NotBrought(problem.sentence) from problem
    if kinds.named(kind).record is not None:
        raise NotBrought(IS_RECORDING)


@transaction.atomic
def _record(task: Task, kept: Sequence[str], now: datetime) -> None:
    held(Assignment.objects.all()).get(pk=task.assignment_id)
    _drop(Task.objects.filter(assignment=task.assignment_id, made_at=None))
    task.save(force_insert=True)
    for position, name in enumerate(kept, 1):
        task.files.create(position=position, file=name)
    jobs.enqueue(task=MAKE_TASK, target=task.pk, now=now)


@transaction.atomic
def remove_task(*, assignment: Assignment, now: datetime) -> None:
    """Show no pages of the task any more; a session that was run with them keeps them."""
    held(Assignment.objects.all()).get(pk=assignment.pk)
    Task.objects.filter(assignment=assignment, removed_at=None).update(removed_at=now)
    _drop(Task.objects.filter(assignment=assignment))


def _drop(tasks: Any) -> None:
    """Destroy those of the tasks that no session has, with their files."""
    for task in held(tasks):  # a session that begins now has it, or begins without it
        names = [name for page in task.pages.all() for name in (page.image.name, page.thumbnail.name)]
        names += [file.file.name for file in task.files.all()]
        try:
            with transaction.atomic():
                task.delete()
        except ProtectedError:  # a session was run with it
            continue
        after_commit(files.delete, *names)


# --- the job -------------------------------------------------------------------------------------------------


def make_task_pages(*, job: Job, report: Report) -> None:
    """Make the pages of the job's task, all of them or none. Raises JobFailed with why not."""
    task = Task.objects.filter(pk=job.target, made_at=None, error="").first()
    if task is None:
        return
    files.empty_folder(files.PAGES, task.pk)  # what a killed run left; no row names it yet
    kept: list[_Kept] = []
    is_swapped = False
    try:
        for file in task.files.order_by("position"):
            kept += _made(task.pk, file.file.name or "", report)
            _check_count(len(kept))
        is_swapped = _swap(task, kept, job)
    except jobs.JobFailed as failed:
        _give_up(task, failed.sentence)
        raise
    finally:
        if not is_swapped:
            files.delete(*(name for _, *names in kept for name in names))


def _check_count(pages: int) -> None:
    if pages > imaging.MAX_PAGES:
        raise jobs.JobFailed(TOO_MANY_PAGES)


def _made(task_id: UUID, name: str, report: Report) -> list[_Kept]:
    try:
        with files.local(name) as source, files.workbench(files.PAGES, task_id) as bench:
            made = imaging.make_pages(source, bench, on_progress=report, press=press())
            return [
                (
                    page,
                    files.keep_image(page.image, files.PAGES, task_id),
                    files.keep_image(page.thumbnail, files.PAGES, task_id),
                )
                for page in made
            ]
    except (imaging.CannotRead, files.DiskFull) as problem:
        raise jobs.JobFailed(problem.sentence) from problem
    except FileNotFoundError as gone:
        raise jobs.JobFailed(GONE) from gone


@transaction.atomic
def _swap(task: Task, kept: Sequence[_Kept], job: Job) -> bool:
    """Write the pages, let go of the files and of older tasks that no session has; False when this run is too late."""
    locked = held(Task.objects.all()).filter(pk=task.pk, made_at=None).first()
    is_ours = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts).exists()
    if locked is None or not is_ours:
        return False
    TaskPage.objects.bulk_create(
        TaskPage(task=locked, number=number, image=image, thumbnail=thumbnail, width=page.width, height=page.height)
        for number, (page, image, thumbnail) in enumerate(kept, 1)
    )
    names = [file.file.name or "" for file in locked.files.all()]
    locked.files.all().delete()
    locked.made_at = clock.now()
    locked.save(update_fields=["made_at"])
    after_commit(files.delete, *names)
    older = Task.objects.filter(assignment=locked.assignment_id, created_at__lte=locked.created_at)
    _drop(older.exclude(pk=locked.pk).exclude(made_at=None))
    return True


@transaction.atomic
def _give_up(task: Task, sentence: str) -> None:
    Task.objects.filter(pk=task.pk).update(error=sentence[:300])
    names = [file.file.name or "" for file in task.files.all()]
    task.files.all().delete()
    after_commit(files.delete, *names)
