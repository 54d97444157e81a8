"""A list loads what it shows: not the whole state of each session, which is large."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sessions_app.models import Status
from tests.factories import TeamFactory, member_of
from tests.home.make import next_step_of, session_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def maya(team, client):
    person = member_of(team)
    client.force_login(person)
    return person


# What lies ahead is drawn with its steps, in one query; home also asks for the few that a presenter may look through.
@pytest.mark.parametrize(("page", "needed"), [("teams:team", 1), ("home:home", 2), ("sessions_app:next_steps", 0)])
def test_no_list_of_what_is_over_loads_states(client, team, maya, page, needed):
    over = session_of(team, maya, people=[maya], status=Status.FINISHED, finished_at=timezone.now())
    next_step_of(over, maya)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(reverse(page, args=[team.pk] if page == "teams:team" else []))
    assert answer.status_code == 200
    columns = [query["sql"].split(" FROM ")[0] for query in queries]
    assert sum('"sessions_app_session"."state"' in each for each in columns) <= needed
