"""A team in a session, for tests: people with browsers, work on the table, a rubric."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.test import Client
from django.urls import reverse

from sessions_app.domain import commands, planning
from sessions_app.domain.catalogue import load_catalogue, newest
from sessions_app.models import Participant, Session
from tests.factories import AssignmentFactory, RubricFactory, SampleFactory, TeamFactory, VersionFactory, member_of
from work_samples.models import Page

START = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@dataclass
class Person:
    """Somebody at the table with a browser of their own."""

    seat: Participant
    client: Client
    meeting: "Meeting" = field(repr=False)

    def get(self, name, *args, **headers):
        return self.client.get(self.meeting.url(name, *args), headers=headers)

    def post(self, name, data=None, *args):
        return self.client.post(
            self.meeting.url(name, *args),
            json.dumps(data or {}),
            content_type="application/json",
            headers={"accept": "application/json"},
        )

    def command(self, name, **args):
        return self.post("command", args, name)

    def score(self, sample, criterion, level, rationale="", **more):
        data = {"sample": str(sample), "criterion": str(criterion), "level": level, "rationale": rationale}
        return self.post("score", data | {"client_id": str(uuid.uuid4())} | more)

    def note(self, kind, text, **more):
        return self.post("note", {"kind": kind, "text": text, "client_id": str(uuid.uuid4())} | more)

    def done(self, step, *, done=True):
        return self.post("done", {"step": step, "done": done})

    def state(self):
        return self.get("state", accept="application/json").json()


class Meeting:
    """A planned session, of Calibration scoring unless another protocol is named.

    `people[0]` facilitates, 1 presents, 2 keeps time, 3 records. A protocol that does not score has no rubric.
    """

    def __init__(self, *, people=5, samples=2, pages=2, names_at_reveal=False, protocol="calibration-scoring"):
        load_catalogue()
        self.team = TeamFactory()
        self.users = [member_of(self.team) for _ in range(people)]
        self.assignment = AssignmentFactory(team=self.team, created_by=self.users[1])
        version = newest(protocol)
        self.rubric = None
        if any(step["makes"] == "scores" for step in version.data["steps"]):
            self.rubric = VersionFactory(rubric=RubricFactory(team=self.team, created_by=self.users[0]))
        self.samples = [SampleFactory(assignment=self.assignment, label=chr(65 + n)) for n in range(samples)]
        for sample in self.samples:
            for number in range(1, pages + 1):
                Page.objects.create(
                    sample=sample, number=number, image=f"{uuid.uuid4()}.jpg", thumbnail="t", width=1500, height=2000
                )
        roles = dict(zip(("facilitator", "presenter", "timekeeper", "recorder"), self.users, strict=False))
        self.draft = planning.Draft(
            purpose="calibrate",
            focus_question="Where does a quotation become evidence?",
            assignment=self.assignment,
            protocol=version,
            samples=self.samples,
            rubric=self.rubric,
            people=self.users,
            roles=roles,
            starts_at=START,
            minutes_at_hand=120,
            names_at_reveal=names_at_reveal,
        )
        self.session = planning.plan_session(team=self.team, by=self.users[0], draft=self.draft, now=START)
        self.criteria = list(self.rubric.criteria.all()) if self.rubric else []
        self.people = [self.person(user) for user in self.users]
        self.facilitator, self.presenter = self.people[:2]

    def person(self, user):
        client = Client()
        client.force_login(user)
        return Person(Participant.objects.filter(session=self.session, user=user).first(), client, self)

    def url(self, name, *args):
        return reverse(f"sessions_app:{name}", args=[self.session.pk, *args])

    def fresh(self) -> Session:
        return Session.objects.get(pk=self.session.pk)

    def give(self, name, *, by=None, minute=0, **args):
        """A command given straight to the domain, so many minutes after the start."""
        return commands.give_command(
            session=self.session, by=(by or self.facilitator).seat, name=name, args=args,
            now=START + timedelta(minutes=minute),
        )  # fmt: skip

    def to_step(self, number):
        """Open and start the room and bring it to a step."""
        for name in ("open", "start"):
            self.give(name)
        if number > 1:
            self.give("go_to", step=number)
        return self

    def to_making(self, makes, sample=0):
        """Bring the room to the first step that makes this of this sample."""
        steps = self.fresh().state["steps"]
        wanted = str(self.samples[sample].pk)
        at = next(n for n, s in enumerate(steps) if s["makes"] == makes and s["sample"] in {None, wanted})
        return self.to_step(at + 1)

    def score_all(self, person, level, sample=0, rationale=""):
        for criterion in self.criteria:
            answer = person.score(self.samples[sample].pk, criterion.pk, level, rationale)
            assert answer.status_code == 200, answer.content


def ids(rows) -> list[UUID]:
    return [row.pk for row in rows]
