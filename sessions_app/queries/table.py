"""What lies on the table, and when it may be looked at."""

from typing import Any
from uuid import UUID

from django.urls import reverse

from sessions_app import engine
from sessions_app.models import Session
from sessions_app.queries.parts import TableRecording
from work_samples.models import Recording, Sample
from work_samples.recording_queries import heard


def work_is_open(session: Session) -> bool:
    """Whether the step has the work open; afterwards the record does."""
    step = engine.current_step(engine.State.from_json(session.state))
    return session.status == "finished" or (step is not None and "work" in step.open)


def recordings_of(session: Session) -> Any:
    """The recordings of the samples on this session's table, those apart that are taken away."""
    return Recording.objects.filter(sample__on_tables__session=session).exclude(file="").select_related("sample")


def table_recording(session_id: UUID, sample: Sample) -> TableRecording | None:
    """A sample's recording with the addresses that it has in this session; None without one."""
    found: Recording | None = getattr(sample, "recording", None)
    if found is None or not found.file:
        return None

    def address(name: str) -> str:
        return reverse(f"sessions_app:recording{name}", args=[session_id, found.pk])

    told = heard(found)
    return TableRecording(
        id=found.pk,
        has_video=found.has_video,
        width=found.width,
        height=found.height,
        seconds=found.seconds,
        length=told.length,
        content_type=found.content_type,
        transcript=found.transcript,
        url=address(""),
        poster_url=address("_poster") if found.has_video else "",
        captions_url=address("_captions") if told.has_captions else "",
    )
