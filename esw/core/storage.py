"""A private folder: files have no address of their own and are served only by a view that asked who may."""

import contextlib
from collections.abc import Iterator
from typing import Any, Protocol, cast

from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.deconstruct import deconstructible

PIECE = 256 * 1024  # bytes that are in memory at a time while a file is read


class Private(Protocol):
    """What a private storage can do beside Django's own `save`, `open`, `delete`, `exists` and `listdir`.

    Names are those that `save` gave. Each raises FileNotFoundError for a name that is not there.
    """

    is_folder: bool

    def size(self, name: str) -> int: ...

    def pieces(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` to before `end`, read one piece at a time, the first when it is asked for."""
        ...


def private_storage() -> Private:
    """The storage of this site, with all that a private one can do."""
    return cast("Private", default_storage)


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
        return kept

    def pieces(self, name: str, start: int, end: int) -> Iterator[bytes]:
        with self.open(name) as file:
            file.seek(start)
            left = end - start
            while left > 0 and (piece := file.read(min(left, PIECE))):
                left -= len(piece)
                yield piece

    def url(self, name: str | None) -> str:
        raise ValueError(f"Files are served through views that check access, never by address ({name}).")
