"""Turning and cutting pages before their sample is confirmed: new images at once, in the limited child process.

Each change starts from the page as it was made, so that it loses nothing by being turned twice, and going back is
always possible until the sample is confirmed; then only what is shown is kept.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from esw.core.afterwards import after_commit
from esw.core.storage import StorageAway
from teams.models import User
from work_samples import imaging
from work_samples.domain import arranging, files, layout, shapes
from work_samples.domain.arranging import NotNow, Table
from work_samples.domain.shapes import Look
from work_samples.models import Assignment, Page, Reading, Redaction, Shape

TOO_MANY = f"Turn or cut at most {imaging.MAX_PAGES} pages at a time."
CANNOT = "One of these pages could not be made anew. Bring its file again, then try once more."


@dataclass(frozen=True)
class _Made:
    page: Page
    look: Look
    image: str
    thumbnail: str
    width: int
    height: int


def look_of(page: Page) -> Look:
    """How a page is cut and turned; its shape is best fetched along."""
    shape: Shape | None = getattr(page, "shape", None)
    if shape is None:
        return Look(page.width, page.height)
    crop = tuple(shape.crop) if shape.crop else None
    return Look(shape.width, shape.height, shape.turn, crop)


def reshape(
    *,
    assignment: Assignment,
    by: User,
    pages: Sequence[UUID],
    how: Callable[[Look], Look],
    seen: Mapping[UUID, str],
    words: str,
) -> None:
    """Turn or cut these pages as `how` says. Raises BadLayout, Changed, NotNow, shapes.BadShape."""
    if not pages:
        raise layout.BadLayout(layout.NO_PAGES)
    if len(set(pages)) != len(pages):
        raise layout.BadLayout(layout.TWICE)
    if len(pages) > imaging.MAX_PAGES:
        raise layout.BadLayout(TOO_MANY)
    _reshape(assignment, by, lambda _page, look: how(look), pages, seen=seen, words=words)


def undo(*, assignment: Assignment, by: User) -> None:
    """Give pages the look that they had before the last action. Raises NotNow, Changed."""
    step = arranging.last_step(assignment=assignment, by=by)
    if step is None or "looks" not in step.before:
        raise NotNow(arranging.NOTHING_TO_UNDO)
    looks: dict[str, Any] = step.before["looks"]
    seen = {UUID(key): mark for key, mark in step.after.items()}

    def earlier(page: Page, look: Look) -> Look:
        turn, crop = looks[str(page.pk)]
        return Look(look.width, look.height, turn, tuple(crop) if crop else None)

    _reshape(assignment, by, earlier, [UUID(key) for key in looks], seen=seen, words=None)


def _reshape(
    assignment: Assignment,
    by: User,
    how: Callable[[Page, Look], Look],
    pages: Sequence[UUID],
    *,
    seen: Mapping[UUID, str],
    words: str | None,
) -> None:
    table = Table(assignment=assignment, person=by)
    chosen = _chosen(table, pages, seen)
    changes = [(page, look) for page in chosen if (look := how(page, look_of(page))) != look_of(page)]
    if not changes:
        return
    with _rendered(changes) as made:
        _swap(assignment, by, made, seen=seen, words=words)


def _chosen(table: Table, pages: Sequence[UUID], seen: Mapping[UUID, str]) -> list[Page]:
    chosen = [page for key in pages if (page := table.pages.get(key)) is not None and page.aside_at is None]
    if len(chosen) != len(pages):
        raise layout.Changed
    table.check({page.sample_id for page in chosen}, seen)
    return chosen


@contextmanager
def _rendered(changes: Sequence[tuple[Page, Look]]) -> Iterator[list[_Made]]:
    """The pages with their new look, as files of the storage; removed again when what follows goes wrong."""
    made: list[_Made] = []
    drawn = [(page, look) for page, look in changes if not look.is_plain]
    plain = [(page, look) for page, look in changes if look.is_plain]
    try:
        for page, look in plain:
            shape = page.shape
            names = (shape.image.name or "", shape.thumbnail.name or "")
            made.append(_Made(page, look, *names, shape.width, shape.height))
        if drawn:
            made += _draw(drawn)
        yield made
    except BaseException as problem:
        fresh = {page.pk for page, _ in drawn}
        files.delete(*(name for one in made if one.page.pk in fresh for name in (one.image, one.thumbnail)))
        if isinstance(problem, imaging.CannotRead | files.DiskFull | StorageAway):
            raise NotNow(problem.sentence) from problem
        if isinstance(problem, FileNotFoundError):
            raise NotNow(CANNOT) from problem
        raise


def _draw(changes: Sequence[tuple[Page, Look]]) -> list[_Made]:
    """One child process for all of them; the files lie with the first page's sample until they are named by rows."""
    with files.workbench(files.DRAFTS, changes[0][0].sample_id) as bench:
        sources = [_on_disk(page, bench, number) for number, (page, _) in enumerate(changes)]
        wanted = [imaging.Cut(source, look.crop, look.turn) for source, (_, look) in zip(sources, changes, strict=True)]
        kept: list[str] = []
        made: list[_Made] = []
        try:
            for (page, look), done in zip(changes, imaging.cut(wanted, bench), strict=True):
                kept.append(files.keep_image(done.image, files.DRAFTS, page.sample_id))
                kept.append(files.keep_image(done.thumbnail, files.DRAFTS, page.sample_id))
                made.append(_Made(page, look, kept[-2], kept[-1], done.width, done.height))
        except BaseException:
            files.delete(*kept)
            raise
        return made


def _on_disk(page: Page, bench: Path, number: int) -> Path:
    """The page as it was made, as a path."""
    shape = getattr(page, "shape", None)
    name = (shape.image.name if shape else page.image.name) or ""
    with files.local(name) as image:
        if files.is_on_disk():
            return image
        return Path(shutil.move(image, bench / f"source-{number}.jpg"))


@transaction.atomic
def _swap(
    assignment: Assignment, by: User, made: Sequence[_Made], *, seen: Mapping[UUID, str], words: str | None
) -> None:
    table = Table(assignment=assignment, person=by, is_held=True)
    _chosen(table, [one.page.pk for one in made], seen)
    before = {one.page.pk: _told(look_of(table.pages[one.page.pk])) for one in made}
    boxes: dict[UUID, list[Redaction]] = {one.page.pk: [] for one in made}
    for row in Redaction.objects.filter(page__in=boxes).order_by("pk"):
        boxes[row.page_id].append(row)
    fresh: list[Redaction] = []
    old: list[str] = []
    for one in made:
        page = table.pages[one.page.pk]
        shape = getattr(page, "shape", None)
        shown, lost = shapes.carried(
            [(row.x, row.y, row.w, row.h) for row in boxes[page.pk]],
            shape.cut_boxes if shape else [],
            before=look_of(page),
            after=one.look,
        )
        fresh += [Redaction(page=page, x=x, y=y, w=w, h=h) for x, y, w, h in shown]
        old += _write(page, one, lost)
    Redaction.objects.filter(page__in=boxes).delete()
    Redaction.objects.bulk_create(fresh)
    readings = Reading.objects.filter(page__in=boxes)  # where a name may stand was found on the page as it lay
    old += readings.values_list("words", flat=True)
    readings.delete()
    if words is None:
        step = arranging.last_step(assignment=assignment, by=by)
        if step is not None:
            step.delete()
    else:
        arranging.remember_looks(table, by=by, assignment=assignment, words=words, looks=before)
    after_commit(files.delete, *old)


def _told(look: Look) -> list[Any]:
    return [look.turn, list(look.crop) if look.crop else None]


def _write(page: Page, one: _Made, lost: Sequence[shapes.Spot]) -> list[str]:
    """Write one page's new look; returns the files that it has no use for any more."""
    shape: Shape | None = getattr(page, "shape", None)
    old = [page.image.name or "", page.thumbnail.name or ""] if shape is not None else []
    if one.look.is_plain:
        Shape.objects.filter(page=page).delete()
    else:
        Shape.objects.update_or_create(
            page=page,
            defaults={
                "image": shape.image.name if shape else page.image.name,
                "thumbnail": shape.thumbnail.name if shape else page.thumbnail.name,
                "width": one.look.width,
                "height": one.look.height,
                "turn": one.look.turn,
                "crop": list(one.look.crop) if one.look.crop else None,
                "cut_boxes": [list(spot) for spot in lost],
            },
        )
    Page.objects.filter(pk=page.pk).update(image=one.image, thumbnail=one.thumbnail, width=one.width, height=one.height)
    return old
