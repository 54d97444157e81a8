"""What is read of rubrics: a version as a grid, a team's rubrics, a rubric's history."""

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch

from rubrics.managers import VersionQuerySet
from rubrics.models import Criterion, Rubric, Version
from teams.models import User


@dataclass(frozen=True, slots=True)
class GridCell:
    """What one level of a criterion looks like."""

    value: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """One criterion; `descriptors` has one text a level, in the order of the levels, '' where none was written.

    `cells` says the same with each level's value and name, for templates.
    """

    criterion_id: uuid.UUID
    key: uuid.UUID
    title: str
    descriptors: list[str]
    cells: list[GridCell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ScaleLevel:
    """One level, for the drawing of a scale."""

    value: int
    name: str


@dataclass(frozen=True, slots=True)
class RubricGrid:
    """One version as it is shown: levels (value, name) across from low to high, criteria down."""

    title: str
    version_id: uuid.UUID
    levels: list[tuple[int, str]]
    proficient_from: int
    rows: list[GridRow]

    @property
    def scale(self) -> list[ScaleLevel]:
        return [ScaleLevel(value, name) for value, name in self.levels]


def grid(version: Version) -> RubricGrid:
    """The grid of `version`, in three queries (none for what was prefetched, see `whole_versions`)."""
    levels = [(level.value, level.name) for level in version.levels.all()]
    prefetched = "criteria" in getattr(version, "_prefetched_objects_cache", {})
    criteria = version.criteria.all() if prefetched else version.criteria.prefetch_related("descriptors")
    return RubricGrid(
        title=version.title,
        version_id=version.pk,
        levels=levels,
        proficient_from=version.proficient_from,
        rows=[_row(criterion, levels) for criterion in criteria],
    )


def fingerprint(shown: RubricGrid) -> str:
    """What a form started from: changes with every change of the grid, in place or in a new version."""
    rows = [[str(row.key), row.title, *row.descriptors] for row in shown.rows]
    whole = json.dumps([shown.title, shown.levels, shown.proficient_from, rows])
    return f"{shown.version_id}.{hashlib.sha256(whole.encode()).hexdigest()[:16]}"


def whole_versions() -> Prefetch:
    """For `prefetch_related`: a rubric's versions with all that `grid` reads, the newest first."""
    return Prefetch("versions", queryset=_whole())


def _whole() -> VersionQuerySet:
    whole = Version.objects.select_related("created_by").prefetch_related("levels", "criteria__descriptors")
    return whole.order_by("-number")


def _row(criterion: Criterion, levels: list[tuple[int, str]]) -> GridRow:
    written = {descriptor.level: descriptor.text for descriptor in criterion.descriptors.all()}
    return GridRow(
        criterion_id=criterion.pk,
        key=criterion.key,
        title=criterion.title,
        descriptors=[written.get(value, "") for value, _ in levels],
        cells=[GridCell(value, name, written.get(value, "")) for value, name in levels],
    )


@dataclass(frozen=True, slots=True)
class PastVersion:
    """One version in a rubric's history."""

    number: int
    created_by: str
    created_at: datetime
    is_used: bool
    is_newest: bool
    grid: RubricGrid


@dataclass(frozen=True, slots=True)
class History:
    """A rubric's versions, the newest first."""

    versions: list[PastVersion]

    def version(self, asked: str) -> PastVersion | None:
        """The version of that number, the newest when none is asked for, else None."""
        if not asked:
            return self.versions[0] if self.versions else None
        return next((version for version in self.versions if str(version.number) == asked), None)


def history(rubric: Rubric) -> History:
    """Every version of `rubric`, whole, in a fixed number of queries."""
    versions = list(_whole().filter(rubric=rubric))
    return History(
        [
            PastVersion(
                number=version.number,
                created_by=version.created_by.name,
                created_at=version.created_at,
                is_used=version.used_at is not None,
                is_newest=version is versions[0],
                grid=grid(version),
            )
            for version in versions
        ]
    )


def newest(rubric: Rubric) -> Version:
    """The version that an editor opens on. Raises `Version.DoesNotExist` for a rubric without one."""
    version: Version = rubric.versions.order_by("-number")[:1].get()
    return version


@dataclass(frozen=True, slots=True)
class ListedRubric:
    """A rubric in a list."""

    rubric_id: uuid.UUID
    title: str
    number: int
    criteria: list[str]
    scale: list[ScaleLevel]
    proficient_from: int
    is_used: bool


@dataclass(frozen=True, slots=True)
class TeamRubrics:
    """A team and its rubrics by title."""

    team_id: uuid.UUID
    team: str
    school: str
    rubrics: list[ListedRubric]


def teams_with_rubrics(user: User) -> list[TeamRubrics]:
    """The teams of `user`, each with its rubrics as they stand now."""
    teams = user.teams.select_related("school").order_by("name")
    listed: dict[uuid.UUID, list[ListedRubric]] = {}
    for rubric in Rubric.objects.visible_to(user).prefetch_related(whole_versions()):
        if versions := rubric.versions.all():
            listed.setdefault(rubric.team_id, []).append(_listed(versions[0]))
    return [TeamRubrics(team.pk, team.name, team.school.name, listed.get(team.pk, [])) for team in teams]


def _listed(version: Version) -> ListedRubric:
    shown = grid(version)
    return ListedRubric(
        rubric_id=version.rubric_id,
        title=shown.title,
        number=version.number,
        criteria=[row.title for row in shown.rows],
        scale=shown.scale,
        proficient_from=shown.proficient_from,
        is_used=version.used_at is not None,
    )
