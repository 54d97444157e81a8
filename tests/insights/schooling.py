"""A school whose teams have met, for tests of its page: rows straight into the database."""

from datetime import UTC, datetime

from django.test import Client
from django.urls import reverse

from sessions_app.domain.catalogue import load_catalogue, newest
from sessions_app.models import Consensus, NextStep, Score, Session
from teams.models import Administration
from tests.factories import (
    AssignmentFactory,
    RubricFactory,
    SampleFactory,
    SchoolFactory,
    TeamFactory,
    UserFactory,
    VersionFactory,
    member_of,
)

HELD = datetime(2026, 10, 7, 15, 0, tzinfo=UTC)


class Schooling:
    """A school with an administrator; `hold` makes a finished session of one of its teams."""

    def __init__(self):
        load_catalogue()
        self.school = SchoolFactory(name="Riverside")
        self.administrator = Administration.objects.create(user=UserFactory(), school=self.school).user

    def team(self, people=5, **fields):
        team = TeamFactory(school=self.school, **fields)
        team.people = [member_of(team) for _ in range(people)]
        team.version = VersionFactory(rubric=RubricFactory(team=team), criteria=["Evidence"])
        return team

    def hold(
        self, team, *, levels=(), selection="all", at=HELD, scorers=None, samples=None, given=None, revealed=True,
        **assignment,
    ):  # fmt: skip
        """One session; `levels` are what was agreed on Evidence, one sample each (None is 'not agreed').

        `given(scorer, sample)`, both counted from 0, is the level that somebody gave alone: 2 unless said otherwise.
        """
        task = AssignmentFactory(team=team, selection=selection, created_by=team.people[0], **assignment)
        session = Session.objects.create(
            team=team, assignment=task, protocol_version=newest("calibration-scoring"), rubric_version=team.version,
            purpose="calibrate", focus_question="Where is the evidence?", starts_at=at, minutes_at_hand=60,
            status="finished", started_at=at, finished_at=at, state={}, created_by=team.people[0],
        )  # fmt: skip
        seats = [session.participants.create(user=person, joined_at=at) for person in team.people]
        samples = samples or [SampleFactory(assignment=task) for _ in levels]
        criterion = team.version.criteria.get()
        for at_place, (sample, level) in enumerate(zip(samples, levels, strict=True)):
            session.on_table.create(sample=sample, position=at_place, label=sample.label)
            Consensus.objects.create(
                session=session, sample=sample, criterion=criterion, level=level, by=seats[0], at=at
            )
            for number, seat in enumerate(seats[:scorers]):
                Score.objects.create(
                    session=session, participant=seat, sample=sample, criterion=criterion, updated_at=at,
                    level=given(number, at_place) if given else 2,
                )  # fmt: skip
        session.state = {"revealed": [[str(sample.pk), 1] for sample in samples] if revealed else []}
        session.save(update_fields=["state"])
        session.samples = samples
        return session

    def step(self, session, state):
        user = session.team.people[0]
        return NextStep.objects.create(
            team=session.team, session=session, text="Try it.", owner=user, created_by=user, created_at=HELD,
            state=state,
        )  # fmt: skip

    def get(self, user=None, **filters):
        client = Client()
        client.force_login(user or self.administrator)
        return client.get(reverse("insights:school", args=[self.school.pk]), filters)

    def page(self, **filters):
        return self.get(**filters).context["page"]

    def text(self, **filters):
        return self.get(**filters).content.decode()

    def rows(self, **filters):
        return self.page(**filters).proficiency

    def trend(self, **filters):
        return self.page(**filters).agreement
