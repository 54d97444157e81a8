"""Importing a framework of standards: what is there is updated by identifier, what vanished is retired."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from esw.core.database import held
from teams.models import District, User
from work_samples import standards
from work_samples.models import Framework, Statement

AT_ONCE = 500  # rows a statement of SQL
_UPDATED = ("parent", "position", "code", "text", "kind", "grades", "subject", "uri", "matches", "words", "retired_at")
_COMPARED = ("parent_id", *_UPDATED[1:])


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, in statements; `repairs` are sentences about the file."""

    framework: Framework
    is_new: bool
    added: int
    changed: int
    same: int
    retired: int
    repairs: tuple[str, ...]


@transaction.atomic
def import_framework(*, district: District, read: standards.Framework, by: User | None, now: datetime) -> Imported:
    """Bring a framework that was read from a file up to date in `district`; the same file twice changes nothing.

    A statement that the file no longer has is retired, so that it is not offered any more and assignments keep its
    code; one that comes back is offered again.
    """
    held(District.objects.all()).get(pk=district.pk)  # one import at a time
    framework, is_new = Framework.objects.update_or_create(
        district=district,
        identifier=read.identifier,
        defaults={
            "title": read.title,
            "publisher": read.publisher,
            "version": read.version,
            "subject": read.subject,
            "uri": read.uri,
            "imported_by": by,
            "imported_at": now,
        },
    )
    there = {row.identifier: row for row in framework.statements.all()}
    keys = {each.identifier: uuid4() for each in read.statements}
    keys |= {key: row.pk for key, row in there.items() if key in keys}
    rows = [_row(each, framework, keys) for each in read.statements]
    added = [row for row in rows if row.identifier not in there]
    changed = [row for row in rows if row.identifier in there and _differs(row, there[row.identifier])]
    Statement.objects.bulk_create(added, batch_size=AT_ONCE)
    Statement.objects.bulk_create(
        changed, batch_size=AT_ONCE, update_conflicts=True, unique_fields=["id"], update_fields=_UPDATED
    )
    gone = [row.pk for key, row in there.items() if key not in keys and row.retired_at is None]
    for start in range(0, len(gone), AT_ONCE):
        framework.statements.filter(pk__in=gone[start : start + AT_ONCE]).update(retired_at=now)
    return Imported(
        framework=framework,
        is_new=is_new,
        added=len(added),
        changed=len(changed),
        same=len(rows) - len(added) - len(changed),
        retired=len(gone),
        repairs=read.repairs,
    )


def _row(each: standards.Statement, framework: Framework, keys: Mapping[str, UUID]) -> Statement:
    return Statement(
        id=keys[each.identifier],
        framework=framework,
        parent_id=keys[each.parent] if each.parent is not None else None,
        position=each.position,
        identifier=each.identifier,
        code=each.code,
        text=each.text,
        kind=each.kind,
        grades=list(each.grades),
        subject=each.subject,
        uri=each.uri,
        matches=list(each.matches),
        words=" ".join([each.code, each.text, *each.matches]).casefold(),
    )


def _differs(row: Statement, there: Statement) -> bool:
    return any(getattr(row, name) != getattr(there, name) for name in _COMPARED)
