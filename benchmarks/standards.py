"""A whole state framework of standards: read, imported, again, searched and opened, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from typing import Any

from benchmarks.library import database, shell
from benchmarks.report import milliseconds, percentile, table, write_section
from tests.services import Missing

COUNTS = (1_000, 5_000, 20_000)
ROUNDS = 20
DO = """
import json, resource, time
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from teams.models import District, Membership, School, Team, User
from tests.work_samples.case_files import large
from work_samples.domain.standards import import_framework
from work_samples.models import Statement
from work_samples.standards import read

district = District.objects.create(name="Bench")
team = Team.objects.create(school=School.objects.create(district=district, name="Bench"), name="Bench")
user = User.objects.create(name="Maya Ellis", email="maya@bench.example")
Membership.objects.create(team=team, user=user)
data = large(COUNT)
took = {}

def timed(name, work):
    began = time.perf_counter()
    done = work()
    took[name] = [time.perf_counter() - began]
    return done

def brought(found):
    return import_framework(district=district, read=found, by=user, now=timezone.now())

found = timed("read", lambda: read(data))
key = timed("imported", lambda: brought(found)).framework.pk
timed("again", lambda: brought(found))
renamed = data.replace(b"Say in your own words", b"Say in words of your own")
again = read(renamed)
timed("changed", lambda: brought(again))
browser = Client(SERVER_NAME="127.0.0.1")
browser.force_login(user)
top = Statement.objects.get(parent=None).pk
queries, size = {}, {}
for name, asked in {
    "form": ("/assignments/new/", {}),
    "branch": (f"/standards/{key}/", {"below": str(top), "pick": "1"}),
    "search": ("/standards/find/", {"q": "made-up reader", "pick": "1"}),
    "code": ("/standards/find/", {"q": "M.4.2.1", "pick": "1"}),
}.items():
    answer = browser.get(*asked, headers={"HX-Request": "true"})
    assert answer.status_code == 200, (name, answer.status_code)
    size[name] = len(answer.content)
    with CaptureQueriesContext(connection) as captured:
        browser.get(*asked, headers={"HX-Request": "true"})
        queries[name] = len(captured)
    took[name] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        browser.get(*asked, headers={"HX-Request": "true"})
        took[name].append(time.perf_counter() - began)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"took": took, "queries": queries, "size": size, "mb": len(data) / 1e6, "peak": peak}))
"""
STEPS = {
    "read": "read and put in order",
    "imported": "imported",
    "again": "the same again",
    "changed": "each text changed",
}
PAGES = {"form": "the form", "branch": "a branch", "search": "two words that all say", "code": "a code"}


def measured(kind: str, count: int) -> dict[str, Any]:
    with database(kind) as environment:
        found: dict[str, Any] = shell(f"COUNT, ROUNDS = {count}, {ROUNDS}\n{DO}", environment)
    print(f"  {kind}, {count:,}: done", flush=True)
    return found


def rows(kind: str) -> Iterator[list[object]]:
    curve = [measured(kind, count) for count in COUNTS]
    yield ["the file", *(f"{found['mb']:.1f} MB" for found in curve)]
    for step, words in STEPS.items():
        yield [words, *(f"{found['took'][step][0]:.2f} s" for found in curve)]
    for page, words in PAGES.items():
        yield [
            f"{words}: queries, p95, size",
            *(
                f"{found['queries'][page]}, {milliseconds(percentile(found['took'][page], 0.95))}, "
                f"{found['size'][page] / 1000:.0f} KB"
                for found in curve
            ),
        ]
    yield ["most memory of the process", *(f"{found['peak']:.0f} MB" for found in curve)]


def main() -> None:
    head = ["", *(f"{count:,} statements" for count in COUNTS)]
    how = (
        "A made-up CASE package in a tree of ten below ten. Queries include the log-in's; pages are fragments as a "
        f"browser asks for them, {ROUNDS} times each."
    )
    lines: list[str] = [how]
    for kind in ("SQLite", "PostgreSQL"):
        try:
            lines += ["", f"{kind}:", "", *table(head, rows(kind))]
        except Missing as missing:
            lines += ["", f"{kind}: {missing}"]
    write_section("standards", "Standards", lines)


if __name__ == "__main__":
    main()
