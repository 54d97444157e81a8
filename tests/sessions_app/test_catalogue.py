"""The protocols that ship come into every database, also one that has been there for long, and change none of it."""

import copy

import pytest
from django.core.management import call_command

from sessions_app import protocol_format
from sessions_app.domain.catalogue import load_catalogue, newest
from sessions_app.models import Protocol, ProtocolVersion
from tests.sessions_app.meeting import Meeting

pytestmark = pytest.mark.django_db


def test_a_database_from_before_gets_the_new_protocols_when_it_is_migrated():
    meeting = Meeting()
    kept = ProtocolVersion.objects.get(protocol__slug="calibration-scoring")
    Protocol.objects.exclude(pk=kept.protocol_id).delete()
    call_command("migrate", verbosity=0)
    assert set(Protocol.objects.values_list("slug", flat=True)) == set(protocol_format.catalogue())
    assert ProtocolVersion.objects.get(protocol__slug="calibration-scoring") == kept
    assert meeting.fresh().protocol_version == kept


def test_loading_again_adds_nothing():
    load_catalogue()
    before = list(ProtocolVersion.objects.order_by("pk").values_list("pk", "number", "data"))
    load_catalogue()
    assert list(ProtocolVersion.objects.order_by("pk").values_list("pk", "number", "data")) == before


def test_a_new_version_stands_beside_the_old_one_and_a_session_keeps_its_steps(monkeypatch):
    meeting = Meeting(protocol="atlas")
    steps = meeting.fresh().state["steps"]
    changed = copy.deepcopy(protocol_format.packaged_data())
    changed["atlas"] |= {"version": 2}
    changed["atlas"]["steps"][0]["title"] = "Something else"
    monkeypatch.setattr(protocol_format, "packaged_data", lambda: changed)
    load_catalogue()
    assert newest("atlas").number == 2
    assert meeting.fresh().protocol_version.number == 1
    assert meeting.fresh().state["steps"] == steps
