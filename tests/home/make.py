"""Sessions and what belongs to them, written straight into the tables: home only reads them."""

from datetime import timedelta

from django.utils import timezone

from sessions_app.models import NextStep, Participant, Protocol, ProtocolVersion, Session
from tests.factories import AssignmentFactory, SampleFactory

STEPS = [
    {"title": "Norms and roles", "minutes": 5, "makes": "nothing", "sample": None, "block_label": ""},
    {"title": "Read the task and the rubric", "minutes": 10, "makes": "nothing", "sample": None, "block_label": ""},
    {"title": "Read and score alone", "minutes": 22, "makes": "scores", "sample": "a", "block_label": "Sample A"},
    {"title": "Read and score alone", "minutes": 22, "makes": "scores", "sample": "b", "block_label": "Sample B"},
    {"title": "Read and score alone", "minutes": 22, "makes": "scores", "sample": "c", "block_label": "Sample C"},
    {"title": "Next steps", "minutes": 5, "makes": "next_steps", "sample": None, "block_label": ""},
    {"title": "Debrief", "minutes": 5, "makes": "debrief", "sample": None, "block_label": ""},
]
QUESTION = "Where does evidence stop being a quotation and start being an argument?"


def protocol_version():
    protocol, _ = Protocol.objects.get_or_create(slug="calibration-scoring", defaults={"title": "Calibration scoring"})
    version, _ = ProtocolVersion.objects.get_or_create(protocol=protocol, number=1, defaults={"data": {}})
    return version


def session_of(team, by, *, samples=0, people=(), **fields):
    """A session of `team` with `samples` new confirmed samples on its table."""
    fields.setdefault("assignment", None)
    assignment = fields.pop("assignment") or AssignmentFactory(team=team, created_by=by)
    session = Session.objects.create(
        team=team,
        assignment=assignment,
        created_by=by,
        **{
            "protocol_version": protocol_version(),
            "purpose": "calibrate",
            "focus_question": QUESTION,
            "starts_at": timezone.now() + timedelta(days=1),
            "minutes_at_hand": 91,
            "state": {"steps": STEPS},
            **fields,
        },
    )
    for position in range(samples):
        sample = SampleFactory(assignment=assignment)
        session.on_table.create(sample=sample, position=position, label="ABCDEFGH"[position])
    for user in people:
        Participant.objects.create(session=session, user=user)
    return session


def next_step_of(session, owner, **fields):
    now = timezone.now()
    return NextStep.objects.create(
        team=session.team,
        session=session,
        owner=owner,
        created_by=owner,
        **{"text": "Ask what the quotation proves.", "created_at": now, **fields},
    )
