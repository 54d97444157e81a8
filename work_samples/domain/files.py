"""Where the files of a sample lie in the private storage, and how they come and go.

    uploads/<sample>/<random>     as it was brought
    drafts/<sample>/<random>      page images before confirming; names may show
    pages/<sample>/<random>       page images that may be seen
    pieces/<upload>/<random>      some of the bytes of a file that is on its way

The folder says what a file is, so that confirming can empty the first two whatever a killed process
left there, and `cleanup` can tell what is lost. No name tells what is in the file or what it was called.
"""

import contextlib
import errno
import logging
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from esw.core.disk import is_full
from esw.core.secrets import private_folder
from esw.core.storage import SCRATCH, StorageAway, private_storage, scratch
from work_samples import refusals
from work_samples.domain import usage

log = logging.getLogger(__name__)

UPLOADS, DRAFTS, PAGES = "uploads", "drafts", "pages"
PIECES = "pieces"
FOLDERS = (UPLOADS, DRAFTS, PAGES, PIECES)
# What a page image and a job's scratch may need beside the file itself.
ROOM_TO_KEEP = 256 * 1024 * 1024
BENCH_TRIES = 20
#: What is kept while somebody is at a bench, {name: (bytes, sample)}: written down in one go.
_kept_on_bench: ContextVar[dict[str, tuple[int, UUID]] | None] = ContextVar("kept_on_bench", default=None)
DISK_FULL = refusals.SENTENCES["disk"]


class DiskFull(Exception):
    """The file could not be kept because the disk is full."""

    sentence = DISK_FULL


def folder_of(kind: str, sample_id: UUID) -> str:
    return f"{kind}/{sample_id.hex}"


def _random_name(kind: str, sample_id: UUID, suffix: str) -> str:
    return f"{folder_of(kind, sample_id)}/{uuid.uuid4().hex}{suffix}"


def is_on_disk() -> bool:
    """True when the storage is a folder on this machine, false for an object store."""
    return private_storage().is_folder


def keep_upload(file: File, sample_id: UUID, *, team_id: UUID | None = None, instead_of: UUID | None = None) -> str:
    """Move an uploaded file into the storage; returns its name there.

    With `team_id` only where that team has room for it, `instead_of` what came of it in pieces. Raises DiskFull,
    StorageAway, `usage.OverQuota`.
    """
    size = file.size or 0
    check_room(size)
    name = _random_name(UPLOADS, sample_id, "")
    if team_id is None:
        usage.record([(name, size)], owner=sample_id)
    else:
        usage.reserve(name=name, owner=sample_id, size=size, team_id=team_id, instead_of=instead_of)
    try:
        with disk_full_in_words():
            return default_storage.save(name, file)
    except BaseException:
        usage.forget([name])
        raise


def keep_piece(data: bytes, upload_id: UUID) -> str:
    """Keep some of the bytes of a file that is on its way; returns their name in the storage. Raises DiskFull."""
    check_room(len(data))
    with disk_full_in_words():
        return default_storage.save(_random_name(PIECES, upload_id, ""), ContentFile(data))


def keep_words(data: bytes, sample_id: UUID) -> str:
    """Keep what was read on a draft page; returns its name in the storage. Raises DiskFull, StorageAway."""
    with disk_full_in_words():
        return default_storage.save(_random_name(DRAFTS, sample_id, ".words"), ContentFile(data))


def keep_image(path: Path, kind: str, sample_id: UUID) -> str:
    """Move a finished page image into the storage; returns its name there. Raises DiskFull, StorageAway."""
    name, size = _random_name(kind, sample_id, path.suffix), path.stat().st_size
    with disk_full_in_words():
        private_storage().put(path, name)
    if (kept := _kept_on_bench.get()) is None:
        usage.record([(name, size)], owner=sample_id)
    else:
        kept[name] = (size, sample_id)
    return name


@contextlib.contextmanager
def local(name: str) -> Iterator[Path]:
    """The file as a path on this machine, for a decoder; raises FileNotFoundError, DiskFull, StorageAway."""
    with contextlib.ExitStack() as stack:
        with disk_full_in_words():
            path = stack.enter_context(private_storage().local(name))
        yield path


@contextlib.contextmanager
def workbench(kind: str, sample_id: UUID) -> Iterator[Path]:
    """A folder to make page images in, gone afterwards. What is kept meanwhile is written down at once at its end.

    It lies beside the sample's own files, so that what a killed process leaves on it goes with them; where those lie
    in a store, beside what arrives.
    """
    with _folder(kind, sample_id) as bench:
        kept: dict[str, tuple[int, UUID]] = {}
        before = _kept_on_bench.set(kept)
        try:
            yield bench
        finally:
            _kept_on_bench.reset(before)
        for owner in {owner for _, owner in kept.values()}:
            usage.record([(name, size) for name, (size, whose) in kept.items() if whose == owner], owner=owner)


@contextlib.contextmanager
def _folder(kind: str, sample_id: UUID) -> Iterator[Path]:
    if not is_on_disk():
        with scratch() as folder:
            yield folder
        return
    parent = Path(default_storage.path(folder_of(kind, sample_id)))
    with disk_full_in_words():
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
            return Path(tempfile.mkdtemp(prefix=SCRATCH, dir=parent))
    raise FileNotFoundError(errno.ENOENT, "the folder is taken away as soon as it is made")


def delete(*names: str) -> None:
    """Remove files; one that is gone already is fine. What cannot be removed now, `cleanup` removes later."""
    gone: list[str] = []
    try:
        for name in filter(None, names):
            default_storage.delete(name)
            gone.append(name)
    except StorageAway:
        log.warning("files stay until the next sweep, because the store of files is away")
    for name in gone:
        (_kept_on_bench.get() or {}).pop(name, None)
    usage.forget(gone)


def empty_folder(kind: str, sample_id: UUID, *, keep: frozenset[str] = frozenset()) -> None:
    """Remove everything of a sample in one folder but the files named in `keep`; what cannot go now goes later."""
    folder = folder_of(kind, sample_id)
    if is_on_disk():
        _empty_on_disk(Path(default_storage.path(folder)), {Path(default_storage.path(name)) for name in keep})
        usage.forget_folder(kind, sample_id, keep=keep)
        return
    try:
        names = [stored.name for stored in private_storage().walk(folder)]
    except StorageAway:
        log.warning("files stay until the next sweep, because the store of files is away")
        return
    delete(*(name for name in names if name not in keep))


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


def check_room(size: int) -> None:
    """Raises DiskFull where a file of so many bytes would leave too little room."""
    if not is_on_disk():
        return
    root = private_folder(Path(default_storage.path("")))
    if shutil.disk_usage(root).free < size + ROOM_TO_KEEP:
        raise DiskFull


@contextlib.contextmanager
def disk_full_in_words() -> Iterator[None]:
    """A disk that is full becomes DiskFull."""
    try:
        yield
    except OSError as problem:
        if is_full(problem):
            raise DiskFull from problem
        raise
