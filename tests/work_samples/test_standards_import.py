"""Importing a framework into a district: once, again, changed, and what assignments keep."""

import pytest
from django.utils import timezone

from tests.factories import AssignmentFactory, DistrictFactory
from tests.work_samples.case_files import below, item, package
from work_samples import standards_queries
from work_samples.domain.standards import Imported, import_framework
from work_samples.models import Framework, Statement
from work_samples.standards import read, table

pytestmark = pytest.mark.django_db

ITEMS = [item("w", "Writing", humanCodingScheme="W"), item("w1", "Write arguments", humanCodingScheme="W.1")]
LINKS = [below("w"), below("w1", "w", 1)]


@pytest.fixture
def district():
    return DistrictFactory()


def brought(district, items=ITEMS, links=LINKS) -> Imported:
    return import_framework(district=district, read=read(package(items, links)), by=None, now=timezone.now())


def counts(done: Imported) -> tuple[int, int, int, int]:
    return done.added, done.changed, done.same, done.retired


def test_it_imports_statements_in_their_places(district) -> None:
    assert counts(brought(district)) == (2, 0, 0, 0)
    child = Statement.objects.get(code="W.1")
    assert (child.parent.code, child.grades, child.framework.district) == ("W", ["7"], district)


def test_the_same_file_again_changes_nothing(district) -> None:
    first = brought(district)
    assert counts(brought(district)) == (0, 0, 2, 0)
    assert Framework.objects.get() == first.framework


def test_a_change_keeps_the_row_and_a_new_one_may_stand_between(district) -> None:
    brought(district)
    key = Statement.objects.get(code="W.1").pk
    items = [*ITEMS[:1], item("w1", "Write sound arguments", humanCodingScheme="W.1"), item("m", "Between")]
    assert counts(brought(district, items, [below("w"), below("m", "w"), below("w1", "m")])) == (1, 1, 1, 0)
    row = Statement.objects.get(pk=key)
    assert (row.text, row.parent.text) == ("Write sound arguments", "Between")


def test_what_vanished_is_retired_and_comes_back(district) -> None:
    assignment = AssignmentFactory(team__school__district=district, standards=["W.1"])
    brought(district)
    assert counts(brought(district, ITEMS[:1], LINKS[:1])) == (0, 0, 1, 1)
    assert Statement.objects.get(code="W.1").retired_at is not None
    assignment.refresh_from_db()
    assert assignment.standards == ["W.1"]
    assert standards_queries.meant(["W.1", "X"], district=district)[0].text == "Write arguments"
    assert counts(brought(district)) == (0, 1, 1, 0)
    assert Statement.objects.get(code="W.1").retired_at is None


def test_two_districts_have_their_own(district) -> None:
    brought(district)
    brought(DistrictFactory())
    assert Framework.objects.count() == 2


def test_what_is_written_as_a_table_is_imported_as_it_was(district) -> None:
    framework = brought(district).framework
    lines = "".join(table.written(standards_queries.as_read(framework)))
    again = read(lines.encode(), title="Ours").statements
    assert again == tuple(standards_queries.as_read(framework))
    assert [each.parent for each in again] == [None, "w"]
