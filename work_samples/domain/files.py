"""Where the files of a sample lie in the private storage, and how they come and go.

    uploads/<sample>/<random>     as it was brought
    drafts/<sample>/<random>      page images before confirming; names may show
    pages/<sample>/<random>       page images that may be seen

The folder says what a file is, so that confirming can empty the first two whatever a killed process
left there, and `cleanup` can tell what is lost. No name tells what is in the file or what it was called.
"""

import contextlib
import errno
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage

from esw.core.disk import is_full
from esw.core.secrets import private_folder
from work_samples import imaging

UPLOADS, DRAFTS, PAGES = "uploads", "drafts", "pages"
FOLDERS = (UPLOADS, DRAFTS, PAGES)
# What a page image and a job's scratch may need beside the file itself.
ROOM_TO_KEEP = 256 * 1024 * 1024
BENCH_TRIES = 20
DISK_FULL = imaging.SENTENCES["disk"]


class DiskFull(Exception):
    """The file could not be kept because the disk is full."""

    sentence = DISK_FULL


def folder_of(kind: str, sample_id: UUID) -> str:
    return f"{kind}/{sample_id.hex}"


def _random_name(kind: str, sample_id: UUID, suffix: str) -> str:
    return f"{folder_of(kind, sample_id)}/{uuid.uuid4().hex}{suffix}"


def is_on_disk() -> bool:
    """True when the storage is a folder on this machine, false for an object store."""
    try:
        default_storage.path("probe")
    except NotImplementedError:
        return False
    return True


def keep_upload(file: File, sample_id: UUID) -> str:
    """Move an uploaded file into the storage; returns its name there. Raises DiskFull."""
    _check_room(file.size or 0)
    with _disk_full_in_words():
        name = default_storage.save(_random_name(UPLOADS, sample_id, ""), file)
    if is_on_disk():
        Path(default_storage.path(name)).touch()  # a long upload is as new as its last file, for `delete_old`
    return name


def keep_image(path: Path, kind: str, sample_id: UUID) -> str:
    """Move a finished page image into the storage; returns its name there. Raises DiskFull."""
    name = _random_name(kind, sample_id, path.suffix)
    with _disk_full_in_words():
        if not is_on_disk():
            with path.open("rb") as data:
                return default_storage.save(name, File(data))
        target = Path(default_storage.path(name))
        private_folder(target.parent)
        path.chmod(0o600)
        shutil.move(path, target)
    return name


@contextlib.contextmanager
def local(name: str) -> Iterator[Path]:
    """The file as a path on this machine, for a decoder; raises FileNotFoundError."""
    if is_on_disk():
        yield Path(default_storage.path(name))
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "file"
        with _disk_full_in_words(), default_storage.open(name) as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target)
        yield copy


@contextlib.contextmanager
def workbench(kind: str, sample_id: UUID) -> Iterator[Path]:
    """A folder to make page images in, gone afterwards.

    It lies beside the sample's own files, so that what a killed process leaves on it goes with them.
    """
    if not is_on_disk():
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
        return
    parent = Path(default_storage.path(folder_of(kind, sample_id)))
    with _disk_full_in_words():
        bench = _make_bench(parent)
    try:
        yield bench
    finally:
        shutil.rmtree(bench, ignore_errors=True)
        with contextlib.suppress(OSError):
            parent.rmdir()


def _make_bench(parent: Path) -> Path:
    """A new folder in `parent`, which whoever leaves it last takes away, perhaps just before we come in."""
    for _ in range(BENCH_TRIES):
        private_folder(parent)
        with contextlib.suppress(FileNotFoundError):
            return Path(tempfile.mkdtemp(prefix=".work-", dir=parent))
    raise FileNotFoundError(errno.ENOENT, "the folder is taken away as soon as it is made")


def delete(*names: str) -> None:
    """Remove files; one that is gone already is fine."""
    for name in names:
        if name:
            default_storage.delete(name)


def empty_folder(kind: str, sample_id: UUID, *, keep: frozenset[str] = frozenset()) -> None:
    """Remove everything of a sample in one folder but the files named in `keep`."""
    folder = folder_of(kind, sample_id)
    if is_on_disk():
        _empty_on_disk(Path(default_storage.path(folder)), {Path(default_storage.path(name)) for name in keep})
        return
    for name in list_files(folder):
        if name not in keep:
            default_storage.delete(name)


def _empty_on_disk(folder: Path, keep: set[Path]) -> None:
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry not in keep:
            entry.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.rmdir()


def delete_old(kind: str, sample_id: UUID, *, before: datetime, keep: frozenset[str]) -> None:
    """Remove what lies in one folder of a sample since before `before` and is not named in `keep`."""
    folder = folder_of(kind, sample_id)
    for name in list_files(folder):
        if name not in keep and _is_older(name, before):
            default_storage.delete(name)
    if not is_on_disk():
        return
    path = Path(default_storage.path(folder))
    for bench in path.glob(".work-*"):
        with contextlib.suppress(FileNotFoundError):
            if bench.stat().st_mtime < before.timestamp():
                shutil.rmtree(bench, ignore_errors=True)
    with contextlib.suppress(OSError):
        path.rmdir()


def _is_older(name: str, before: datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < before
    except FileNotFoundError:
        return False


def list_folders(folder: str) -> list[str]:
    """The names of the folders right below, none when the folder does not exist."""
    try:
        return list(default_storage.listdir(folder)[0])
    except (FileNotFoundError, NotADirectoryError):
        return []


def list_files(folder: str) -> list[str]:
    """The full names of the files right below."""
    try:
        return [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _check_room(size: int) -> None:
    if not is_on_disk():
        return
    root = private_folder(Path(default_storage.path("")))
    if shutil.disk_usage(root).free < size + ROOM_TO_KEEP:
        raise DiskFull


@contextlib.contextmanager
def _disk_full_in_words() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if is_full(problem):
            raise DiskFull from problem
        raise
