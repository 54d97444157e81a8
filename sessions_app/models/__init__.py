"""How we look: protocols, sessions, what people write and score in them, what they decide."""

from sessions_app.models.decisions import Consensus, NextStep, NextStepState
from sessions_app.models.paper import PaperSheet
from sessions_app.models.projector import Projector
from sessions_app.models.protocols import Protocol, ProtocolVersion
from sessions_app.models.session import (
    Done,
    Participant,
    Purpose,
    Role,
    Session,
    SessionEvent,
    SessionSample,
    Status,
)
from sessions_app.models.writing import ClientPost, Note, NoteKind, Score

__all__ = [
    "ClientPost",
    "Consensus",
    "Done",
    "NextStep",
    "NextStepState",
    "Note",
    "NoteKind",
    "PaperSheet",
    "Participant",
    "Projector",
    "Protocol",
    "ProtocolVersion",
    "Purpose",
    "Role",
    "Score",
    "Session",
    "SessionEvent",
    "SessionSample",
    "Status",
]
