"""The ten main pages of ESW on data at scale: queries, time, weight; and pretalx's review pages by the same tool."""

import subprocess
from collections.abc import Iterator
from importlib.metadata import version

from benchmarks._load import Target, load
from benchmarks._pretalx import WORKERS, Pretalx, pretalx
from benchmarks.report import milliseconds, table, write_section
from benchmarks.serving import Server, embedded_server

SCHOOLS, TEAMS, SESSIONS = 5, 6, 20  # teams of each school, finished sessions of each team
ALONE_FOR, TOGETHER_FOR = 3.0, 4.0  # seconds
BROWSERS = 8
FILL = f"""
from django.core.management import call_command
call_command("demo_data", schools="{SCHOOLS}", teams="{TEAMS}", sessions="{SESSIONS}", seed="1")
print("null")
"""
# One team of it all, and a session of theirs that runs: everybody scores the first sample.
ARRANGE = """
import json
from datetime import timedelta
from esw.core import clock
from sessions_app.domain import commands, planning, seats
from sessions_app.domain.catalogue import newest
from sessions_app.models import Participant, Role, Score, Session
from teams.models import Administration, Membership
from work_samples.models import Sample
now = clock.now()
last = Session.objects.exclude(rubric_version=None).order_by("team__name", "-starts_at").first()
team, assignment = last.team, last.assignment
people = [each.user for each in Membership.objects.filter(team=team).order_by("pk").select_related("user")]
samples = list(Sample.objects.filter(assignment=assignment).order_by("label"))
running = planning.plan_session(team=team, by=people[0], now=now, draft=planning.Draft(
    purpose="calibrate", focus_question="Where does a quotation become evidence?", assignment=assignment,
    protocol=newest("calibration-scoring"), samples=samples[:3], rubric=last.rubric_version, people=people,
    roles=dict(zip(("facilitator", "presenter", "timekeeper", "recorder"), people)),
    starts_at=now + timedelta(minutes=5), minutes_at_hand=90,
))
for name, args in (("open", {}), ("start", {}), ("go_to", {"step": 3})):
    seat = Participant.objects.get(session=running, user=people[0])
    running = commands.give_command(session=running, by=seat, name=name, args=args, now=now)
for each in people:
    seats.seat_of(session=running, user=each, now=now)
principal = Administration.objects.get(school=team.school)
print(json.dumps({
    "teacher": people[1].email,
    "principal": principal.user.email,
    "counts": {"sessions": Session.objects.count(), "scores": Score.objects.count(), "people": len(people)},
    "pages": {
        "home": "/", "team": f"/teams/{team.pk}/", "library": "/library/",
        "assignment": f"/assignments/{assignment.pk}/",
        "sample": f"/samples/{samples[0].pk}/", "plan": "/sessions/plan/", "room, scoring": f"/sessions/{running.pk}/",
        "record": f"/sessions/{last.pk}/record/", "school": f"/schools/{principal.school_id}/",
        "next steps": "/next-steps/",
    },
}))
"""
COUNT = """
import json
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
found = {}
for path, cookies in PAGES:
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.cookies.load(cookies)
    assert browser.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as queries:
        browser.get(path)
    found[path] = len(queries)
print(json.dumps(found))
"""
WHY = (
    "ESW's pages cost a number of queries that does not grow with what is on them (tests hold it), and lists load only "
    "what they show: since these figures were first taken, no longer each session's state, which took a fifth of the "
    "team's page and of the next steps. The school page is the dearest: it reads every score of the school to hide "
    "small cells, and grows with them. Of pretalx's pages those with a line for each proposal "
    "cost queries for each line."
)
HEAD = [
    "page", "queries", "alone p50", "p95", "processor each", f"{BROWSERS} at once p50", "p95", "a second", "KB gzip",
]  # fmt: skip


def measured(name: str, target: Target, queries: int) -> list[object]:
    """A row of the table."""
    alone = load(target, browsers=1, seconds=ALONE_FOR)
    together = load(target, browsers=BROWSERS, seconds=TOGETHER_FOR)
    print(f"  {name}: {milliseconds(alone.p50)} alone, {together.a_second:.0f} a second", flush=True)
    return [
        name,
        queries,
        milliseconds(alone.p50),
        milliseconds(alone.p95),
        milliseconds(alone.processor_each),
        milliseconds(together.p50),
        milliseconds(together.p95),
        f"{together.a_second:.1f}",
        f"{alone.gzipped / 1000:.1f}",
    ]


def ours(server: Server) -> tuple[list[list[object]], dict[str, int]]:
    """Rows of ESW's pages, and how much data there is."""
    found = server.shell(ARRANGE)
    teacher, principal = (server.cookies(found[who]) for who in ("teacher", "principal"))
    pages = {name: (path, principal if name == "school" else teacher) for name, path in found["pages"].items()}
    queries = server.shell(f"PAGES = {list(pages.values())!r}\n{COUNT}")
    rows = [
        measured(name, Target(server.url, path, cookies, server.process.pid), queries[path])
        for name, (path, cookies) in pages.items()
    ]
    return rows, found["counts"]


def theirs(peer: Pretalx) -> Iterator[list[object]]:
    """Rows of pretalx's pages."""
    for name, path in peer.pages.items():
        yield measured(name, Target(peer.url, path, peer.cookies, peer.process), peer.queries[path])


def peer_section() -> list[str]:
    try:
        with pretalx() as peer:
            rows = list(theirs(peer))
    except subprocess.CalledProcessError as missing:
        return [f"pretalx could not be installed here, so there is nothing to compare with ({missing.cmd[0]} failed)."]
    said = ", ".join(f"{name} {number}" for name, number in peer.versions.items())
    about = (
        f"{said}, {WORKERS} workers, SQLite; its own demo event with {peer.proposals} proposals and {peer.reviews} "
        "reviews, seen by a reviewer:"
    )
    return [about, "", *table(HEAD, rows)]


def main() -> None:
    with embedded_server(before=FILL) as server:
        print("ESW", flush=True)
        rows, counts = ours(server)
    print("pretalx", flush=True)
    peer = peer_section()
    how = (
        f"The same load tool for both, on the same machine as the server: one browser for {ALONE_FOR:.0f} s, then "
        f"{BROWSERS} for {TOGETHER_FOR:.0f} s, each asking again as soon as it has the last byte. 'Processor each' is "
        "what all processes of the server used for one answer: the figure that does not depend on how many of them "
        "there are. 'KB gzip' is the page alone; where a server leaves compression to a proxy, it was compressed for "
        "this column."
    )
    esw = (
        f"ESW on Django {version('django')}, uvicorn {version('uvicorn')}, one process, SQLite; {counts['sessions']:,} "
        f"sessions of {SCHOOLS * TEAMS} teams with {counts['scores']:,} scores, seen by a teacher of a team with "
        f"{SESSIONS} finished sessions (the school page by its principal):"
    )
    write_section("pages", "Pages", [how, "", esw, "", *table(HEAD, rows), "", *peer, "", WHY])


if __name__ == "__main__":
    main()
