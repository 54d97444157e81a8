"""Files and the rows that name them: what lies there without a row, and which rows name what is not there.

A file is named by a row's `FileField`, or by a text as long as such a field is. Any text of that length counts, in any
room, so that nothing is removed that some row may mean; what is no name of ours has another shape.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models

from esw.core.storage import Stored, private_storage

NAME_LENGTH = 200
A_NAME = re.compile(r"[a-z-]+/[0-9a-f]{32}/[^/]+")
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Missing:
    """A row that names a file which is not there."""

    row: str
    pk: Any
    name: str


@dataclass
class Found:
    """What `look` found: `lost` files that no row names, rows whose file is `missing`, files begun and not finished."""

    files: int = 0
    bytes: int = 0
    lost: list[Stored] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    half: int = 0


def columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every column that may name a file."""
    for model in apps.get_models():
        if not getattr(model, "names_files", True):
            continue
        for column in model._meta.local_concrete_fields:  # noqa: SLF001 (the model's own description, as documented)
            is_text = isinstance(column, models.CharField) and column.max_length == NAME_LENGTH
            if is_text or isinstance(column, models.FileField):
                yield model, column.name


def _rows(model: type[models.Model], column: str) -> Iterator[tuple[Any, str]]:
    rows = model._base_manager.filter(**{f"{column}__contains": "/"})  # noqa: SLF001 (no manager hides a row from us)
    for pk, name in rows.order_by().values_list("pk", column).iterator():
        if A_NAME.fullmatch(name):
            yield pk, name


def named() -> set[str]:
    """Every name of a file that a row gives."""
    return {name for model, column in columns() for _, name in _rows(model, column)}


def _still_named(names: Collection[str]) -> set[str]:
    """Those of the names that a row gives now."""
    found: set[str] = set()
    for model, column in columns():
        rows = model._base_manager.filter(**{f"{column}__in": names})  # noqa: SLF001
        found.update(rows.order_by().values_list(column, flat=True))
    return found


def without_row(files: Iterable[Stored], *, is_over: Callable[[Stored], bool], known: set[str]) -> list[Stored]:
    """Those of the files that are over, are not in `known` and, asked again, are named by no row.

    `is_over` keeps out what an upload or a job has just written and will name in a moment.
    """
    doubted = [file for file in files if file.name not in known and is_over(file)]
    lost: list[Stored] = []
    for at in range(0, len(doubted), AT_ONCE):
        batch = doubted[at : at + AT_ONCE]
        meanwhile = _still_named([file.name for file in batch])
        lost.extend(file for file in batch if file.name not in meanwhile)
    return lost


def look(*, before: datetime, remove: bool) -> Found:
    """Go through the whole storage and all rows; what is lost counts when it was last written before `before`.

    With `remove`, lost files and what was begun and never finished are removed. Rows stay as they are. Raises
    StorageAway.
    """
    found, there, known = Found(), set[str](), named()

    def counted() -> Iterator[Stored]:
        for file in private_storage().walk(""):
            found.files += 1
            found.bytes += file.size
            there.add(file.name)
            if A_NAME.fullmatch(file.name):
                yield file

    found.lost = without_row(counted(), is_over=lambda file: file.modified < before, known=known)
    found.missing = list(_missing(there))
    found.half = private_storage().give_up_half(before=before, remove=remove)
    for file in found.lost if remove else []:
        default_storage.delete(file.name)
    return found


def _missing(there: set[str]) -> Iterator[Missing]:
    for model, column in columns():
        for pk, name in _rows(model, column):
            if name not in there and not default_storage.exists(name):
                current = model._base_manager.filter(pk=pk, **{column: name})  # noqa: SLF001
                if current.exists():
                    yield Missing(f"{model._meta.label}.{column}", pk, name)  # noqa: SLF001
