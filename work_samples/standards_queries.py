"""Reading standards: branches of the tree, what a search finds in its place, and what a code means."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from teams.models import District, User
from work_samples import standards
from work_samples.models import Framework, Statement
from work_samples.standards.tree import MAX_DEPTH

BRANCH = 100  # statements of one fragment; a branch with more goes on with a button
FOUND = 30
MAX_WORDS = 8


@dataclass(frozen=True, slots=True)
class Branch:
    """Some statements below one, in their order; `next` is where the rest begins, or None."""

    rows: Sequence[Statement]
    next: int | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A statement that was found, with those that it stands below, the topmost first."""

    statement: Statement
    above: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    rows: Sequence[Hit]
    is_all: bool


def frameworks(user: User) -> QuerySet[Framework]:
    """What this person may pick from, by title."""
    found: QuerySet[Framework] = Framework.objects.visible_to(user).select_related("district")
    return found


def with_counts(found: QuerySet[Framework]) -> list[tuple[Framework, int]]:
    """Each framework with how many current statements it has."""
    rows = list(found)
    current = Statement.objects.current().filter(framework__in=[row.pk for row in rows])
    counts = dict(current.order_by().values_list("framework").annotate(Count("pk")))
    return [(row, counts.get(row.pk, 0)) for row in rows]


def branch(framework: Framework, *, below: UUID | None, start: int = 0) -> Branch:
    """The current statements right below one (or at the top), from the `start`th on."""
    has_more_below = Statement.objects.current().filter(parent=OuterRef("pk"))
    rows = framework.statements.current().filter(parent=below).annotate(opens=Exists(has_more_below))
    some = list(rows.order_by("position", "pk")[start : start + BRANCH + 1])
    return Branch(some[:BRANCH], start + BRANCH if len(some) > BRANCH else None)


def find(user: User, typed: str, *, framework: Framework | None = None) -> Hits:
    """Current statements with all the words that were typed, in code or text; a code typed whole comes first.

    The number of queries does not grow with what is found: the ways up are read level by level.
    """
    words = [word for word in typed.casefold().split() if word][:MAX_WORDS]
    if not words:
        return Hits((), is_all=True)
    mine = Framework.objects.visible_to(user).values("pk") if framework is None else [framework.pk]
    found = Statement.objects.current().filter(framework__in=mine).select_related("framework")
    for word in words:
        found = found.filter(words__contains=word)
    whole = " ".join(typed.split())
    exact = list(found.filter(code__iexact=whole).order_by("framework__title", "position")[:FOUND])
    starts = found.exclude(code="").filter(code__istartswith=whole).exclude(pk__in=[row.pk for row in exact])
    rows = exact + list(starts.order_by(Length("code"), "code", "pk")[: FOUND + 1])
    if len(rows) <= FOUND:
        others = found.exclude(pk__in=[row.pk for row in rows]).order_by("framework__title", Length("words"), "pk")
        rows += list(others[: FOUND + 1 - len(rows)])
    above = _ways_up(rows[:FOUND])
    return Hits([Hit(row, above[row.pk]) for row in rows[:FOUND]], is_all=len(rows) <= FOUND)


def way_up(row: Statement) -> tuple[Statement, ...]:
    """Those above one statement, the topmost first."""
    return _ways_up([row])[row.pk]


def _ways_up(rows: Sequence[Statement]) -> dict[UUID, tuple[Statement, ...]]:
    """Those above each statement, the topmost first."""
    known: dict[UUID, Statement] = {row.pk: row for row in rows}
    wanted = {row.parent_id for row in rows if row.parent_id}
    for _ in range(MAX_DEPTH):
        missing = [key for key in wanted if key not in known]
        if not missing:
            break
        fresh = list(Statement.objects.filter(pk__in=missing))
        known |= {row.pk: row for row in fresh}
        wanted = {row.parent_id for row in fresh if row.parent_id}
    return {row.pk: tuple(_way_up(row, known))[::-1] for row in rows}


def _way_up(row: Statement, known: dict[UUID, Statement]) -> Iterator[Statement]:
    for _ in range(MAX_DEPTH):
        parent = known.get(row.parent_id) if row.parent_id else None
        if parent is None:
            return
        yield parent
        row = parent


@dataclass(frozen=True, slots=True)
class Meant:
    """A code of an assignment and what it says in the district's standards, or an empty text."""

    code: str
    text: str


def meant(codes: Iterable[str], *, district: District | UUID) -> list[Meant]:
    """The codes in their order, each with its statement where the district has one (retired ones too)."""
    codes = list(codes)
    rows = Statement.objects.filter(framework__district=district, code__in=codes) if codes else Statement.objects.none()
    texts = {row.code: row.text for row in rows.order_by("-retired_at")}
    texts |= {row.code: row.text for row in rows if row.retired_at is None}
    return [Meant(code, texts.get(code, "")) for code in codes]


def as_read(framework: Framework) -> Iterator[standards.Statement]:
    """The current statements, parents before children, as a table has them."""
    rows = list(framework.statements.current().order_by("position", "pk"))
    names: dict[Any, str] = {row.pk: row.identifier for row in rows}
    below: dict[Any, list[Statement]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in names else None, []).append(row)
    waiting = below.get(None, [])[::-1]
    while waiting:
        row = waiting.pop()
        waiting += below.get(row.pk, [])[::-1]
        yield standards.Statement(
            identifier=row.identifier,
            text=row.text,
            code=row.code,
            parent=names.get(row.parent_id),
            position=row.position,
            kind=row.kind,
            grades=tuple(row.grades),
            subject=row.subject,
            uri=row.uri,
            matches=tuple(row.matches),
        )


def may_import(user: User) -> QuerySet[District]:
    """The districts whose standards this person looks after."""
    return District.objects.filter(Q(administrators__user=user)).distinct()
