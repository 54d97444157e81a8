"""A private folder: files have no address of their own and are served only by a view that asked who may."""

import contextlib
from typing import Any

from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible
class PrivateStorage(FileSystemStorage):
    """Files below `MEDIA_ROOT`, readable by their owner alone; `url()` is refused on purpose."""

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

    def url(self, name: str | None) -> str:
        raise ValueError(f"Files are served through views that check access, never by address ({name}).")
