"""Files without a row and rows without a file: found in a folder and in a store, and the former removed when told."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from esw.core import stored
from esw.core.storage import private_storage
from tests.factories import SampleFactory
from work_samples.models import Page

pytestmark = [pytest.mark.django_db, pytest.mark.both_storages]
LOST = "pages/" + "0f" * 16 + "/lost.jpg"


@pytest.fixture
def page():
    """A page with both its files."""
    sample = SampleFactory()
    row = sample.pages.create(number=1, image="", thumbnail="", width=1, height=1)
    for number, column in enumerate(("image", "thumbnail")):
        kept = default_storage.save(f"pages/{row.sample_id.hex}/{number}.jpg", ContentFile(b"a page"))
        Page.objects.filter(pk=row.pk).update(**{column: kept})
    row.refresh_from_db()
    return row


def orphans(*options, later=timedelta(days=2), monkeypatch):
    """What the command says `later`."""
    moment = timezone.now() + later
    monkeypatch.setattr("esw.core.clock.now", lambda: moment)
    said = StringIO()
    call_command("orphans", *options, stdout=said)
    return said.getvalue()


def names():
    return sorted(file.name for file in private_storage().walk(""))


def test_it_counts_and_changes_nothing_unless_told(page, monkeypatch):
    default_storage.save(LOST, ContentFile(b"nobody's"))
    before = names()
    said = orphans(monkeypatch=monkeypatch)
    assert "3 files" in said
    assert "1 files without a row" in said
    assert "0 rows without their file" in said
    assert "Nothing was changed" in said
    assert names() == before
    assert "1 files without a row, 0.0 MB, removed" in orphans("--remove", monkeypatch=monkeypatch)
    assert names() == sorted([page.image.name, page.thumbnail.name])


def test_what_was_written_within_a_day_stays(page, monkeypatch):
    default_storage.save(LOST, ContentFile(b"an upload that has no row yet"))
    assert "0 files without a row" in orphans("--remove", later=timedelta(hours=23), monkeypatch=monkeypatch)
    assert LOST in names()


def test_what_a_job_names_while_it_is_looked_at_stays(page, monkeypatch):
    """The row is written after all names were read, and before the file goes."""
    default_storage.save(LOST, ContentFile(b"x"))
    known = stored.named()

    def named_then_written():
        Page.objects.filter(pk=page.pk).update(thumbnail=LOST)
        return known

    monkeypatch.setattr(stored, "named", named_then_written)
    orphans("--remove", monkeypatch=monkeypatch)
    assert LOST in names()


def test_a_row_whose_file_is_not_there_is_named(page, monkeypatch):
    default_storage.delete(page.image.name)
    said = orphans("--remove", monkeypatch=monkeypatch)
    assert "1 rows without their file" in said
    assert f"work_samples.Page.image {page.pk}: {page.image.name}" in said
    assert Page.objects.filter(pk=page.pk, image=page.image.name).exists()


def test_what_is_no_file_of_ours_is_left_alone(monkeypatch):
    for name in ("notes.txt", "pages/notes/kept.txt", "backup/2026/dump"):
        default_storage.save(name, ContentFile(b"x"))
    orphans("--remove", monkeypatch=monkeypatch)
    assert len(names()) == 3


def test_text_that_only_looks_like_a_path_names_nothing(page, monkeypatch):
    page.upload = page.sample.uploads.create(position=1, file="", name="../../etc/passwd")
    said = orphans(monkeypatch=monkeypatch)
    assert "0 rows without their file" in said


@pytest.mark.parametrize("days", ["0", "-1", "nan", "99999"])
def test_it_does_not_look_at_what_is_being_written(days):
    with pytest.raises(CommandError, match="--days takes"):
        call_command("orphans", "--remove", "--days", days)


def test_every_column_that_names_a_file_is_known():
    known = {f"{model._meta.label}.{column}" for model, column in stored.columns()}
    assert {
        "work_samples.Page.image",
        "work_samples.Page.thumbnail",
        "work_samples.Upload.file",
        "work_samples.Recording.file",
        "work_samples.Shape.image",
        "work_samples.Reading.words",
        "work_samples.UploadPiece.file",
        "work_samples.TaskPage.image",
        "reports.KeptDocument.file",
    } <= known
    assert "work_samples.StoredFile.name" not in known
