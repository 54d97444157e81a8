"""Where files lie: in a private folder, or in an S3-compatible store (esw/core/object_store.py). Never by address.

Both are asked the same way, through Django's `default_storage` and, for what Django has no word for, through
`private_storage()`. Names are those that `save` or `put` were given; whoever makes them makes them impossible to guess.
"""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, cast

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.deconstruct import deconstructible

from esw.core.secrets import private_folder

PIECE = 256 * 1024  # bytes that are in memory at a time while a file is read
AWAY = "ESW cannot reach the place where its files are kept just now. Nothing is lost. Please try again in a moment."
#: Begins the name of each folder that somebody works in for a while; what a killed process left is known by it.
SCRATCH = ".work-"


class StorageAway(OSError):
    """The store of files could not be asked, or did not do as it was asked; trying again later may help."""

    sentence = AWAY


PUT_TRIES = 5


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies there: its name, its bytes, and when it was last written (aware)."""

    name: str
    size: int
    modified: datetime


class Private(Protocol):
    """What a private storage can do beside Django's own `save`, `open`, `delete`, `exists` and `listdir`.

    Each raises FileNotFoundError for a name that is not there, and StorageAway.
    """

    is_folder: bool

    def size(self, name: str) -> int: ...

    def delete(self, name: str) -> None: ...

    def pieces(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` to before `end`, read one piece at a time, the first when it is asked for."""
        ...

    def put(self, path: Path, name: str) -> None:
        """Move a finished file of this machine in: whole, or not at all."""
        ...

    def local(self, name: str) -> AbstractContextManager[Path]:
        """The file as a path on this machine; a copy, gone afterwards, where it lies elsewhere."""
        ...

    def walk(self, folder: str) -> Iterator[Stored]:
        """Everything below a folder, none when it does not exist; scratch folders are left out."""
        ...

    def give_up_half(self, *, before: datetime, remove: bool) -> int:
        """Count, and remove, what was begun before `before`, never finished, and is no file yet."""
        ...


def private_storage() -> Private:
    """The storage of this site, with all that a private one can do."""
    return cast("Private", default_storage)


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder of this machine to work in, where uploads arrive too, gone afterwards."""
    parent = private_folder(Path(settings.FILE_UPLOAD_TEMP_DIR))
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@deconstructible
class PrivateStorage(FileSystemStorage):
    """Files below `MEDIA_ROOT`, readable by their owner alone; `url()` is refused on purpose."""

    is_folder = True

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    def _save(self, name: str, content: Any) -> str:
        """The name that was kept. A file that could not be written to its end, on a full disk say, is not left half."""
        stood = self.exists(name)
        try:
            kept: str = super()._save(name, content)  # type: ignore[misc]
        except OSError:
            if not stood:
                with contextlib.suppress(OSError):
                    self.delete(name)
            raise
        os.utime(self.path(kept))  # a long upload is as new as its end, for who looks for what is lost
        return kept

    def pieces(self, name: str, start: int, end: int) -> Iterator[bytes]:
        with self.open(name) as file:
            file.seek(start)
            left = end - start
            while left > 0 and (piece := file.read(min(left, PIECE))):
                left -= len(piece)
                yield piece

    def put(self, path: Path, name: str) -> None:
        target = Path(self.path(name))
        path.chmod(0o600)
        for _ in range(PUT_TRIES):
            private_folder(target.parent)
            with contextlib.suppress(FileNotFoundError):  # who leaves an empty folder takes it away, perhaps just now
                shutil.move(path, target)
                return
        raise FileNotFoundError(errno.ENOENT, "the folder is taken away as soon as it is made")

    @contextlib.contextmanager
    def local(self, name: str) -> Iterator[Path]:
        yield Path(self.path(name))

    def walk(self, folder: str) -> Iterator[Stored]:
        root = Path(self.path(""))
        for at, folders, files in os.walk(self.path(folder)):
            folders[:] = sorted(name for name in folders if not name.startswith(SCRATCH))
            for file in sorted(files):
                path = Path(at) / file
                with contextlib.suppress(FileNotFoundError):
                    found = path.stat()
                    modified = datetime.fromtimestamp(found.st_mtime, tz=UTC)
                    yield Stored(path.relative_to(root).as_posix(), found.st_size, modified)

    def give_up_half(self, *, before: datetime, remove: bool) -> int:
        """What killed processes left on their benches. Folders that are empty go with it, and are not counted."""
        lost = [path for path in Path(self.path("")).glob(f"*/*/{SCRATCH}*") if _is_older(path, before)]
        if remove:
            for path in lost:
                shutil.rmtree(path, ignore_errors=True)
            for folder in Path(self.path("")).glob("*/*/"):
                with contextlib.suppress(OSError):
                    folder.rmdir()
        return len(lost)

    def url(self, name: str | None) -> str:
        raise ValueError(f"Files are served through views that check access, never by address ({name}).")


def _is_older(path: Path, before: datetime) -> bool:
    try:
        return path.stat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return False
