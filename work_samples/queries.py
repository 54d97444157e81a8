"""Reading: what an assignment's page, the status of a sample and the screens of redaction show."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Prefetch, QuerySet

from esw.core import jobs
from esw.core.models import Job, JobState
from esw.core.words import count_words
from teams.models import User
from work_samples.domain import redacting
from work_samples.domain.bringing import MAKE_PAGES
from work_samples.domain.pages import sentence_about
from work_samples.models import Assignment, Page, Recording, Redaction, Sample, Upload
from work_samples.recording_queries import preparing_words


@dataclass(frozen=True)
class Status:
    """How far a sample is: `state` is pending, running, ready or failed; `done` of `of` pages of the whole sample.

    `recording`: while a recording is made, how many of its seconds are done, of how many (0: not known yet).
    """

    state: str
    done: int
    of: int
    error: str | None
    recording: tuple[int, int] | None = None

    @property
    def is_busy(self) -> bool:
        return self.state in {"pending", "running"}

    @property
    def words(self) -> str:
        """For the person who waits."""
        if self.state != "running":
            return "Waiting its turn"
        if self.recording is not None:
            return preparing_words(*self.recording)
        return f"Reading, {self.done} of {count_words(self.of, 'page')} done"

    @property
    def share(self) -> tuple[int, int]:
        """How far a bar is: of a recording in seconds, else in pages."""
        return self.recording or (self.done, self.of)


@dataclass(frozen=True)
class Card:
    """One sample on the contact sheet; `pages` and `uploads` in order."""

    sample: Sample
    pages: Sequence[Page]
    uploads: Sequence[Upload]
    status: Status
    goes_on: datetime

    @property
    def first(self) -> Page | None:
        return self.pages[0] if self.pages else None

    @property
    def recording(self) -> Recording | None:
        return getattr(self.sample, "recording", None)

    @property
    def failed(self) -> list[Upload]:
        return [upload for upload in self.uploads if upload.error]

    @property
    def has_more_than_a_failed_file(self) -> bool:
        """Whether taking out one file leaves something: another file, or pages and a recording that have none."""
        is_covered = self.recording is not None and self.recording.upload_id is None
        return len(self.uploads) > 1 or bool(self.pages) or is_covered

    @property
    def box_count(self) -> int:
        return sum(len(page.redactions.all()) for page in self.pages)


@dataclass(frozen=True)
class Sheet:
    """An assignment's samples: mine that wait, the team's, and how many of others' wait, by name.

    Where two people check: mine that are `covered` and wait for a colleague, and others' that are there `to_look_at`.
    """

    mine: Sequence[Card]
    covered: Sequence[Card]
    to_look_at: Sequence[Card]
    team: Sequence[Card]
    others: Sequence[tuple[str, int]]

    @property
    def goes_on(self) -> datetime | None:
        """When the first of mine is let go of, unless it is confirmed."""
        return min((card.goes_on for card in self.mine), default=None)

    @property
    def is_busy(self) -> bool:
        return any(card.status.is_busy for card in self.mine)

    @property
    def ready(self) -> list[Card]:
        return [card for card in self.mine if card.status.state == "ready" and (card.pages or card.recording)]


def sheet(*, assignment: Assignment, user: User) -> Sheet:
    """Everything that an assignment's page shows of its samples, in a handful of queries."""
    samples = assignment.samples.visible_to(user).select_related("uploader")
    cards = cards_of(samples)
    others = assignment.samples.waiting().exclude(uploader=user).values_list("uploader__name", flat=True)
    return Sheet(
        mine=[card for card in cards if card.sample.is_draft],
        covered=[card for card in cards if card.sample.waits_for_second],
        to_look_at=cards_of(assignment.samples.to_look_at(user).select_related("uploader")),
        team=[card for card in cards if card.sample.is_confirmed and not card.sample.is_archived],
        others=sorted(Counter(others).items()),
    )


def cards_of(samples: QuerySet[Sample]) -> list[Card]:
    """The samples as cards, in the order of their labels: A … Z before AA, 2 before 10."""
    whole = list(
        samples.select_related("recording").prefetch_related(
            Prefetch("pages", Page.objects.order_by("number").prefetch_related("redactions")),
            Prefetch("uploads", Upload.objects.order_by("position")),
        )
    )
    latest = _latest_jobs(sample.pk for sample in whole if not sample.is_confirmed)
    keep = timedelta(days=settings.UNCONFIRMED_UPLOAD_DAYS)
    cards = [
        Card(
            sample=sample,
            pages=list(sample.pages.all()),
            uploads=list(sample.uploads.all()),
            status=_status(sample, latest.get(sample.pk)),
            goes_on=max(sample.created_at, sample.sent_back_at or sample.created_at) + keep,
        )
        for sample in whole
    ]
    return sorted(cards, key=lambda card: label_order(card.sample.label))


def label_order(label: str) -> tuple[int, str]:
    return len(label), label.upper()


def _latest_jobs(targets: Iterable[UUID]) -> dict[UUID, Job]:
    rows = Job.objects.filter(target__in=list(targets), task=MAKE_PAGES).order_by("created_at")
    return {job.target: job for job in rows}


def status_of(sample: Sample) -> Status:
    return _status(sample, None if sample.is_confirmed else jobs.latest(sample.pk, task=MAKE_PAGES))


def _status(sample: Sample, job: Job | None) -> Status:
    made = len(sample.pages.all())
    uploads = list(sample.uploads.all())
    waiting = [upload for upload in uploads if upload.is_waiting]
    failed = [upload for upload in uploads if upload.error]
    if waiting and job is not None and job.state == JobState.FAILED:
        return Status("failed", made, made + len(waiting), job.error)
    if waiting:
        is_running = job is not None and job.state == JobState.RUNNING
        if is_running and job is not None and waiting[0].is_recording:
            return Status("running", made, made + len(waiting), None, (job.done, job.of))
        done, of = (job.done, job.of) if job is not None and is_running else (made, 0)
        # `of` is known only once a file is open; until then each counts as one page.
        return Status("running" if is_running else "pending", max(done, made), max(of, made + len(waiting)), None)
    if failed:
        return Status("failed", made, made + len(failed), sentence_about(failed, of=len(uploads)))
    return Status("ready", made, made, None)


# --- redaction -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Leaf:
    """A page on the redaction screens, with its drafts."""

    page: Page
    of: int
    boxes: Sequence[Redaction]


def leaves_of(sample: Sample) -> list[Leaf]:
    pages = list(sample.pages.order_by("number").prefetch_related(_boxes()))
    return [Leaf(page, len(pages), list(page.redactions.all())) for page in pages]


def _boxes() -> "Prefetch[str, QuerySet[Redaction], str]":
    return Prefetch("redactions", Redaction.objects.order_by("pk"))


@dataclass(frozen=True)
class BatchSample:
    """One of my samples that wait for a check, with the fingerprint of what its preview shows."""

    sample: Sample
    leaves: Sequence[Leaf]
    seen: str


def batch_of(*, assignment: Assignment, user: User) -> list[BatchSample]:
    """My samples of the assignment that are ready to be checked, in the order of their labels."""
    cards = cards_of(assignment.samples.visible_to(user).waiting().filter(uploader=user))
    # A recording is listened to and its consent said one at a time.
    ready = [card for card in cards if card.status.state == "ready" and card.pages and card.recording is None]
    return [
        BatchSample(
            card.sample,
            [Leaf(page, len(card.pages), list(page.redactions.all())) for page in card.pages],
            redacting.fingerprint_of(card.pages),
        )
        for card in ready
    ]


# --- for the rooms above ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """How many of a person's samples of an assignment wait for a check for names."""

    assignment: Assignment
    samples: int


def waiting_for(user: User) -> list[Waiting]:
    """What a person has brought and not yet confirmed, by assignment."""
    rows = (
        Assignment.objects.visible_to(user)
        .filter(samples__uploader=user, samples__confirmed_at=None)
        .annotate(waiting=Count("samples", distinct=True))
    )
    return [Waiting(assignment, assignment.waiting) for assignment in rows]
