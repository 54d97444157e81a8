"""Where files lie, in a folder or in an S3-compatible store: the same answers, nothing half, nothing public."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils import timezone

from esw.core import object_store
from esw.core.storage import StorageAway, private_storage

pytestmark = pytest.mark.both_storages
FOLDER = "pages/" + "0f" * 16
NAME = f"{FOLDER}/one.jpg"


def keep(name=NAME, data=b"a page"):
    return default_storage.save(name, ContentFile(data))


def names(folder=""):
    return [file.name for file in private_storage().walk(folder)]


def test_what_is_kept_is_there_with_its_size_and_its_moment():
    assert keep() == NAME
    with default_storage.open(NAME) as file:
        assert file.read() == b"a page"
    assert default_storage.exists(NAME)
    assert private_storage().size(NAME) == 6
    found = next(private_storage().walk("pages"))
    assert (found.name, found.size) == (NAME, 6)
    assert abs(timezone.now() - found.modified) < timedelta(minutes=5)
    assert default_storage.listdir("pages")[0] == ["0f" * 16]


def test_what_is_gone_is_not_found():
    for ask in (private_storage().size, default_storage.open, lambda name: list(private_storage().pieces(name, 0, 9))):
        with pytest.raises(FileNotFoundError):
            ask(f"{FOLDER}/none")
    with pytest.raises(FileNotFoundError), private_storage().local(f"{FOLDER}/none") as path:
        path.read_bytes()
    assert not default_storage.exists(f"{FOLDER}/none")
    assert names("nowhere") == []
    private_storage().delete(f"{FOLDER}/none")


def test_a_finished_file_is_moved_in_and_out_as_a_path(tmp_path):
    made = tmp_path / "made.jpg"
    made.write_bytes(b"a page")
    private_storage().put(made, NAME)
    assert not made.exists()
    with private_storage().local(NAME) as path:
        assert path.read_bytes() == b"a page"
    default_storage.delete(NAME)
    assert names() == []


def test_only_what_lies_below_is_walked(tmp_path):
    for name in (NAME, f"{FOLDER}/two", "pages-of-others/x/y", "reports/x/y.pdf"):
        keep(name)
    assert names("pages") == [NAME, f"{FOLDER}/two"]
    assert sorted(names()) == sorted([NAME, f"{FOLDER}/two", "pages-of-others/x/y", "reports/x/y.pdf"])


def test_files_have_no_address_of_their_own():
    with pytest.raises(ValueError, match="never by address"):
        default_storage.url(keep())


class BreaksOff(io.RawIOBase):
    """So many bytes come; then whoever sends them is gone."""

    def __init__(self, size):
        self.left = size

    def readable(self):
        return True

    def seekable(self):
        return False

    def read(self, size=-1):
        if self.left <= 0:
            raise ConnectionResetError
        given = min(self.left, size if size > 0 else self.left, 65536)
        self.left -= given
        return b"x" * given

    def chunks(self, chunk_size=65536):
        while True:
            yield self.read(chunk_size)


def test_a_file_that_breaks_off_in_the_middle_is_never_there(monkeypatch):
    """In a store larger ones go up in parts, of which the first has arrived by then."""
    monkeypatch.setattr(object_store, "PART", 5 * object_store.MIB)
    with pytest.raises((OSError, StorageAway)):
        default_storage.save(NAME, File(BreaksOff(12 * object_store.MIB), name="x"))
    assert names() == []
    assert not default_storage.exists(NAME)
