"""A document that finds no room: said in a sentence, nothing half is left, and it is made once there is room."""

import errno
import tempfile

import pytest
from django.core.files.storage import default_storage

from esw.core.models import Job
from reports import documents, tasks
from reports.domain import kept, record_file
from reports.models import KeptDocument
from tests.reports.paper import data
from tests.reports.story import Story

HERE = ["out.pdf", "out.svg"]
CHART = {"data": {"values": [{"a": "x", "b": 1}]}, "mark": "bar", "encoding": {"x": {"field": "b"}}}


@pytest.fixture
def full(monkeypatch):
    """What the engines write goes where there is never room."""
    real = tempfile.mkdtemp

    def folder(*arguments, **how):
        path = real(*arguments, **how)
        for name in HERE:
            documents.Path(path, name).symlink_to("/dev/full")
        return path

    with monkeypatch.context() as patch:
        patch.setattr(documents.tempfile, "mkdtemp", folder)
        yield patch


@pytest.mark.parametrize(
    "make",
    [lambda: documents.render_pdf(template="record.typ", data=data(), pictures={}), lambda: documents.chart_svg(CHART)],
    ids=["a document", "a chart"],
)
def test_an_engine_that_finds_no_room_says_so_and_leaves_nothing(full, make, settings):
    with pytest.raises(documents.CannotMake) as told:
        make()
    assert told.value.sentence == documents.SENTENCES["disk"]
    assert not list((settings.DATA_DIR / documents.SCRATCH).iterdir())


def test_trouble_that_is_not_about_room_is_not_called_that(monkeypatch):
    def broken(*_, **__):
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(documents.tempfile, "mkdtemp", broken)
    with pytest.raises(documents.CannotMake) as told:
        documents.chart_svg(CHART)
    assert told.value.code == "broken"


@pytest.mark.django_db
def test_a_kept_file_that_does_not_fit_is_not_left_half_and_is_made_later(monkeypatch):
    story = Story()
    monkeypatch.setattr(record_file, "chart_svg", lambda spec: b"<svg/>")
    monkeypatch.setattr(record_file, "render_pdf", lambda **told: b"%PDF-" + bytes(3_000_000))

    def ask():
        client = story.client(story.meeting.users[4])
        return client.get(story.url(), {"format": "pdf"}, headers={"accept": "application/json"})

    def work():
        for job in Job.objects.filter(task=kept.MAKE, state="pending"):
            tasks.make_document(str(job.pk))

    def one_piece(content, chunk_size=None):
        yield content.file.getvalue()[:100_000]
        raise OSError(errno.ENOSPC, "No space left on device")

    ask()
    with monkeypatch.context() as patch:
        patch.setattr(kept.ContentFile, "chunks", one_piece)
        work()
    assert ask().json()["error"] == documents.SENTENCES["disk"]
    row = KeptDocument.objects.get()
    assert row.file == ""
    folder = f"{kept.FOLDER}/{row.pk.hex}"
    assert not default_storage.exists(folder) or default_storage.listdir(folder)[1] == []
    kept.again(kind=record_file.KIND, subject=story.session.pk, variant="team", now=row.asked_at)
    work()
    assert ask().status_code == 200
