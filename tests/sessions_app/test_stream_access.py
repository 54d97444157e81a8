"""Whose stream goes on: asked again with each heartbeat."""

import pytest
from django.contrib.sessions.models import Session as LogIn
from django.test import Client

from sessions_app.stream_access import live_logins, pulses
from tests.factories import UserFactory
from tests.sessions_app.meeting import Meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def somebody():
    return UserFactory()


@pytest.fixture
def key(somebody):
    client = Client()
    client.force_login(somebody)
    return client.session.session_key


def test_a_log_in_that_stands_goes_on(key):
    assert live_logins([key, "unknown"]) == {key}


def test_a_new_password_ends_it(key, somebody):
    somebody.set_password("another-long-password")
    somebody.save()
    assert live_logins([key]) == frozenset()


def test_logging_out_ends_it(key):
    LogIn.objects.all().delete()
    assert live_logins([key]) == frozenset()


def test_a_person_who_is_no_longer_active_loses_it(key, somebody):
    somebody.is_active = False
    somebody.save()
    assert live_logins([key]) == frozenset()


def test_it_costs_the_same_for_many(key, django_assert_num_queries):
    with django_assert_num_queries(2):
        live_logins([key])


def test_a_pulse_names_the_team_and_its_seats_alone(django_assert_num_queries):
    ours, theirs = Meeting(people=4), Meeting(people=3)
    gone = UserFactory().pk  # no session has this id
    left = ours.people[3]
    ours.team.memberships.get(user=left.seat.user).delete()
    with django_assert_num_queries(3):
        found = pulses([ours.session.pk, theirs.session.pk, gone])
    assert set(found) == {ours.session.pk, theirs.session.pk}
    here = {each.seat.pk for each in ours.people[:3]} | {each.seat.user.pk for each in ours.people[:3]}
    assert found[ours.session.pk].members == here
    assert found[ours.session.pk].version == ours.fresh().version
    assert not here & found[theirs.session.pk].members
