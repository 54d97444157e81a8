"""Brings the drawn work: assignments, samples and pages as rows, their images in the private storage.

The images of many samples may be the same file on disk: each has its own name in its sample's folder, so that
one sample can go without the others.
"""

import os
import random
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.base import File

from home.demo.artist import Gallery, PageFile
from home.demo.content import SampleContent, Task
from home.demo.rows import Rows, new_id
from teams.models import Team, User
from work_samples.domain import files
from work_samples.models import Assignment, Page, Redaction, Sample, Upload


@dataclass(frozen=True)
class Piece:
    """A sample that lies on tables: its row, what is in it, its pages as rows and as they were drawn."""

    sample: Sample
    content: SampleContent
    pages: tuple[Page, ...]
    drawn: tuple[PageFile, ...]

    @property
    def label(self) -> str:
        """What people call it."""
        return self.sample.label


def new_assignment(
    task: Task, *, team: Team, by: User, at: datetime, rng: random.Random, selection: str, title: str = ""
) -> Assignment:
    """The task as an assignment of `team`; what students were given to read stands below the prompt."""
    return Assignment(
        pk=new_id(rng),
        team=team,
        title=title or task.title,
        prompt=f"{task.prompt}\n\n{task.context}",
        grade=task.grade,
        subject=task.subject,
        standards=list(task.standards),
        intended_learning=task.intended_learning,
        selection=selection,
        created_by=by,
        created_at=at,
    )


class Bringing:
    """Puts samples into the storage and their rows into `rows`. `bench` is a folder of the storage's own disk."""

    def __init__(self, rows: Rows, rng: random.Random, *, task: Task, gallery: Gallery, bench: Path) -> None:
        self._rows, self._rng, self._task, self._gallery, self._bench = rows, rng, task, gallery, bench

    def confirmed(
        self, assignment: Assignment, labels: Collection[str], *, by: Sequence[User], at: datetime
    ) -> Mapping[str, Piece]:
        """Samples without a name, by label, brought by these people one after the other from `at` on."""
        wanted = [content for content in self._task.samples if content.label in labels and not content.name]
        return {
            content.label: self._confirmed(
                assignment, content, by=by[number * len(by) // len(wanted)], at=at + timedelta(minutes=2 * number)
            )
            for number, content in enumerate(wanted)
        }

    def _confirmed(self, assignment: Assignment, content: SampleContent, *, by: User, at: datetime) -> Piece:
        sample = self._sample(assignment, content, by=by, at=at)
        sample.confirmed_at = at + timedelta(minutes=35)
        drawn = self._gallery[self._task.key, content.label]
        pages = tuple(self._page(sample, number, page, files.PAGES) for number, page in enumerate(drawn, start=1))
        self._rows.add(sample, *pages)
        for page, file in zip(pages, drawn, strict=True):
            self._rows.add(*(Redaction(page=page, x=box.x, y=box.y, w=box.w, h=box.h) for box in file.names))
        return Piece(sample, content, pages, drawn)

    def waiting(self, assignment: Assignment, *, by: User, at: datetime) -> Sample:
        """The task's one sample with a name on it: for its uploader alone, until its boxes are confirmed."""
        content = self._task.waiting
        sample = self._sample(assignment, content, by=by, at=at)
        self._rows.add(sample)
        for number, page in enumerate(self._gallery[self._task.key, content.label], start=1):
            with page.image.open("rb") as photo:
                kept = files.keep_upload(File(photo), sample.pk)
            upload = Upload(
                pk=new_id(self._rng),
                sample=sample,
                position=number,
                file=kept,
                name=f"IMG_{2040 + number}.jpg",
                created_at=at,
                made_at=at + timedelta(seconds=4),
            )
            row = self._page(sample, number, page, files.DRAFTS)
            row.upload = upload
            self._rows.add(upload, row)
        return sample

    def _sample(self, assignment: Assignment, content: SampleContent, *, by: User, at: datetime) -> Sample:
        return Sample(pk=new_id(self._rng), assignment=assignment, label=content.label, uploader=by, created_at=at)

    def _page(self, sample: Sample, number: int, page: PageFile, folder: str) -> Page:
        return Page(
            pk=new_id(self._rng),
            sample=sample,
            number=number,
            image=files.keep_image(self._twin(page.image), folder, sample.pk),
            thumbnail=files.keep_image(self._twin(page.thumbnail), folder, sample.pk),
            width=page.width,
            height=page.height,
        )

    def _twin(self, file: Path) -> Path:
        """The same file under another name, which the storage may move."""
        twin = self._bench / f"twin-{file.name}"
        twin.unlink(missing_ok=True)
        try:
            os.link(file, twin)
        except OSError:  # a disk without links
            shutil.copyfile(file, twin)
        return twin
