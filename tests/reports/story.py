"""A calibration meeting held to its end, for tests of what it leaves behind."""

from datetime import date, timedelta

from django.test import Client
from django.urls import reverse

from sessions_app.models import Consensus, NextStep, Note, Score
from teams.models import Administration
from tests.factories import UserFactory
from tests.sessions_app.meeting import START, Meeting


class Story:
    """Five people score sample A (revealed, discussed, agreed) and sample B (never revealed), and finish.

    Person n gives `LEVELS[n]` on every criterion of A, and 4 on everything of B.
    """

    LEVELS = [1, 2, 2, 3, 4]
    SCORED_AT = START + timedelta(minutes=7, seconds=13)

    def __init__(self, *, people=5, finish=True, samples=2):
        self.meeting = Meeting(people=people, samples=samples)
        self.session = self.meeting.session
        self.a, self.b = self.meeting.samples[:2]
        self.meeting.to_making("scores")
        for person, level in zip(self.meeting.people, self.LEVELS, strict=False):
            self.enter(person)
            for criterion in self.meeting.criteria:
                self.score(person, self.a, criterion, level)
        self.meeting.give("reveal", minute=10, sample=str(self.a.pk))
        if finish:
            self.meeting.give("finish", minute=30)
        self.session.refresh_from_db()

    def enter(self, person):
        person.seat.joined_at = START + timedelta(minutes=1)
        person.seat.save()

    def score(self, person, sample, criterion, level, **fields):
        return Score.objects.create(
            session=self.session, participant=person.seat, sample=sample, criterion=criterion, level=level,
            updated_at=self.SCORED_AT, **{"rationale": "", **fields},
        )  # fmt: skip

    def note(self, person, text, *, kind="evidence", step=4, sample=None):
        return Note.objects.create(
            session=self.session, participant=person.seat, kind=kind, text=text, step=step, sample=sample,
            created_at=START,
        )  # fmt: skip

    def agree(self, sample, criterion, level, rationale="", other=""):
        return Consensus.objects.create(
            session=self.session, sample=sample, criterion=criterion, level=level, rationale=rationale,
            other_rationale=other, by=self.meeting.facilitator.seat, at=START,
        )  # fmt: skip

    def next_step(self, text, person, **fields):
        return NextStep.objects.create(
            session=self.session, team=self.session.team, text=text, owner=person.seat.user,
            created_by=person.seat.user, created_at=START, **{"due": date(2026, 12, 12), **fields},
        )  # fmt: skip

    def client(self, user):
        client = Client()
        client.force_login(user)
        return client

    def url(self, name="record"):
        return reverse(f"reports:{name}", args=[self.session.pk])

    def page(self, user=None):
        return self.client(user or self.meeting.users[4]).get(self.url())

    def json(self, user=None):
        return self.client(user or self.meeting.users[4]).get(self.url(), {"format": "json"}).json()

    def share(self, user=None, shared="yes"):
        return self.client(user or self.meeting.users[0]).post(self.url("share"), {"shared": shared})

    def administrator(self, *, district=False, school=None):
        school = school or self.session.team.school
        place = {"district": school.district} if district else {"school": school}
        return Administration.objects.create(user=UserFactory(), **place).user
