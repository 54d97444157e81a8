"""What is read of rubrics: a version as a grid, a team's rubrics, a rubric's history."""

import hashlib
import json
import uuid
from dataclasses import dataclass

from django.db.models import Prefetch

from rubrics.models import Criterion, Version


@dataclass(frozen=True, slots=True)
class GridRow:
    """One criterion; `descriptors` has one text a level, in the order of the levels, '' where none was written."""

    criterion_id: uuid.UUID
    key: uuid.UUID
    title: str
    descriptors: list[str]


@dataclass(frozen=True, slots=True)
class RubricGrid:
    """One version as it is shown: levels (value, name) across from low to high, criteria down."""

    title: str
    version_id: uuid.UUID
    levels: list[tuple[int, str]]
    proficient_from: int
    rows: list[GridRow]


def grid(version: Version) -> RubricGrid:
    """The grid of `version`, in three queries (none for what was prefetched, see `whole_versions`)."""
    levels = [(level.value, level.name) for level in version.levels.all()]
    prefetched = "criteria" in getattr(version, "_prefetched_objects_cache", {})
    criteria = version.criteria.all() if prefetched else version.criteria.prefetch_related("descriptors")
    return RubricGrid(
        title=version.title or version.rubric.title,
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


def whole_versions() -> Prefetch[str]:
    """For `prefetch_related`: a rubric's versions with all that `grid` reads, the newest first."""
    whole = Version.objects.select_related("rubric", "created_by").prefetch_related("levels", "criteria__descriptors")
    return Prefetch("versions", queryset=whole.order_by("-number"))


def _row(criterion: Criterion, levels: list[tuple[int, str]]) -> GridRow:
    written = {descriptor.level: descriptor.text for descriptor in criterion.descriptors.all()}
    return GridRow(
        criterion_id=criterion.pk,
        key=criterion.key,
        title=criterion.title,
        descriptors=[written.get(value, "") for value, _ in levels],
    )
