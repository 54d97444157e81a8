"""A file that arrives in pieces, so that a lost connection costs one piece; whole, it is brought like any other.

The pieces lie in the private storage, a file or object each, whichever process they came to: the next may come to
another. A row says how far it is, and moves on for one sender at a time, so nothing is ever written over.
"""

import contextlib
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction
from django.db.models import Count, F, Sum

from esw.core import disk
from esw.core.afterwards import after_commit
from esw.core.limits import Limit
from esw.core.storage import StorageAway
from teams.models import User
from work_samples import imaging, kinds, refusals
from work_samples.domain import bringing, files, usage
from work_samples.models import NAME_LENGTH, Assignment, PartialUpload, Phone, Sample, UploadPiece

log = logging.getLogger(__name__)

#: What is not whole by then is let go of.
LASTS = timedelta(days=1)
MAX_PIECE = 2 * 1024 * 1024
MIB = 1024 * 1024
#: Files that one person may begin to send: a few class sets.
BEGUN = Limit("uploads-begun", 1000, 600)

TOO_MANY = (
    "There are already many files of yours on their way. Wait until some have arrived, or cancel some, and try again."
)
WRONG_OFFSET = "This is not where the file goes on. Ask how much of it has arrived, and send what follows."
TOO_LONG = "This is more than the file was said to have, so none of it was taken."
PIECE_TOO_LARGE = f"Send a file in pieces of at most {MAX_PIECE // MIB} MB."
LOST = "Some of this file was lost on the server. Choose it again."
ENDED = "This file is not on its way any more. Choose it again."


class NotTaken(Exception):
    """A file or a piece cannot be taken as asked; `sentence` says why, `status` in HTTP's words."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


#: What may be otherwise in a while, so that what has arrived is kept.
TROUBLE = (files.DiskFull, StorageAway)


def _for_now(trouble: BaseException) -> NotTaken:
    if isinstance(trouble, StorageAway):
        return NotTaken(trouble.sentence, 503)
    return NotTaken(files.DISK_FULL, disk.NO_ROOM_STATUS)


class _TakenAlready(Exception):
    """Somebody else finished the same file at the same moment."""


# --- how much may come ---------------------------------------------------------------------------------------


def most_bytes(assignment: Assignment) -> int:
    """The largest file that may be brought for this assignment: recordings are larger, where the district has them."""
    if assignment.team.school.district.recordings_allowed:
        return max(imaging.MAX_UPLOAD_BYTES, kinds.recording.MAX_BYTES)
    return imaging.MAX_UPLOAD_BYTES


def begin(
    *,
    assignment: Assignment,
    by: User,
    name: str,
    size: int,
    now: datetime,
    sample: Sample | None = None,
    phone: Phone | None = None,
) -> PartialUpload:
    """Expect a file of `size` bytes, as a sample of its own or as further pages of `sample`. Raises NotTaken."""
    _check_size(size, most_bytes(assignment))
    if sample is not None and sample.is_confirmed:
        raise NotTaken(bringing.CONFIRMED, 409)
    if not BEGUN.take(str(by.pk)):
        raise NotTaken(TOO_MANY, 429)
    _check_on_their_way(by, size, now)
    _check_room(size, now)
    with transaction.atomic():
        _check_quota(assignment, size)
        upload: PartialUpload = PartialUpload.objects.create(
            owner=by,
            assignment=assignment,
            sample=sample,
            phone=phone,
            name=clean_name(name),
            size=size,
            created_at=now,
            expires_at=now + LASTS,
        )
    return upload


def clean_name(name: str) -> str:
    """What a file is called, without the folders it was in and without what nobody can see."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if c.isprintable()).strip()[:NAME_LENGTH]
    return "file" if shown in {"", ".", ".."} else shown


def _check_size(size: int, most: int) -> None:
    if size == 0:
        raise NotTaken(refusals.SENTENCES["empty"], 400)
    if size > most:
        sentence = refusals.SENTENCES["too_big"].format(megabytes=-(-size // MIB), limit=most // MIB)
        raise NotTaken(sentence, 413)


def _check_on_their_way(by: User, size: int, now: datetime) -> None:
    """Nobody has more on its way than one ordinary request may carry."""
    mine = PartialUpload.objects.unfinished().current(now).filter(owner=by).aggregate(n=Count("pk"), size=Sum("size"))
    if mine["n"] >= settings.DATA_UPLOAD_MAX_NUMBER_FILES:
        raise NotTaken(TOO_MANY, 429)
    if (mine["size"] or 0) + size > settings.MAX_UPLOAD_REQUEST_BYTES:
        raise NotTaken(TOO_MANY, 429)


def _check_room(size: int, now: datetime) -> None:
    """Room for this file twice, in pieces and put together, and for what was promised to others."""
    left = F("size") - F("received")
    promised = PartialUpload.objects.unfinished().current(now).aggregate(left=Sum(left))["left"] or 0
    try:
        files.check_room(2 * size + promised)
    except files.DiskFull as full:
        raise _for_now(full) from full


def _check_quota(assignment: Assignment, size: int) -> None:
    """The team's share, before anything of the file comes: its room is kept for it while it is on its way."""
    try:
        usage.check_quota(team_id=assignment.team_id, size=size)
    except usage.OverQuota as over:
        raise NotTaken(over.sentence, disk.NO_ROOM_STATUS) from over


# --- pieces --------------------------------------------------------------------------------------------------


def take_piece(*, upload: PartialUpload, offset: int, data: bytes, now: datetime) -> PartialUpload:
    """Take the bytes from `offset` on, all or none; the upload as it is then.

    Of two who send the same bytes at the same moment one is heard. Raises NotTaken: 409 for the wrong place or when
    the file is not expected any more, 413 for too much.
    """
    if upload.finished_at is not None and data:
        raise NotTaken(ENDED, 409)
    if offset != upload.received:
        raise NotTaken(WRONG_OFFSET, 409)
    if len(data) > MAX_PIECE:
        raise NotTaken(PIECE_TOO_LARGE, 413)
    if offset + len(data) > upload.size:
        raise NotTaken(TOO_LONG, 413)
    if data:
        _keep(upload, offset, data, now)
        upload.refresh_from_db()
    return upload


def _keep(upload: PartialUpload, offset: int, data: bytes, now: datetime) -> None:
    try:
        name = files.keep_piece(data, upload.pk)
    except TROUBLE as trouble:
        raise _for_now(trouble) from trouble
    try:
        _note_down(upload.pk, offset, len(data), name, now)
    except BaseException:
        files.delete(name)
        raise


@transaction.atomic
def _note_down(upload_id: UUID, offset: int, length: int, name: str, now: datetime) -> None:
    here = PartialUpload.objects.unfinished().current(now).filter(pk=upload_id, received=offset)
    if not here.update(received=offset + length):
        raise NotTaken(WRONG_OFFSET, 409)
    UploadPiece.objects.create(upload_id=upload_id, offset=offset, file=name)


def finish(*, upload: PartialUpload, now: datetime) -> PartialUpload:
    """Bring the file, once all of it is here, as it would have come in one piece; the upload as it is then.

    Once and only once, however often it is asked for: a file becomes a sample and stops being expected in the same
    transaction. Raises NotTaken (507, 503) where there is no room for now; the pieces stay, to be tried again.
    """
    if upload.finished_at is not None or not upload.is_whole:
        return upload
    try:
        with _put_together(upload) as file:
            bringing.bring_file(
                assignment=upload.assignment,
                file=file,
                by=upload.owner,
                sample=upload.sample,
                now=now,
                arrived=partial(_arrived, upload.pk, now),
                instead_of=upload.pk,
            )
    except TROUBLE as trouble:
        raise _for_now(trouble) from trouble
    except bringing.NotBrought as refused:
        if isinstance(refused.__cause__, TROUBLE):
            raise _for_now(refused.__cause__) from refused
        _refuse(upload.pk, refused.sentence, now)
    except _TakenAlready:
        log.info("an upload was finished twice at once")
    except FileNotFoundError:  # who finished it at the same moment took the pieces away; else they are lost
        _refuse(upload.pk, LOST, now)
    return _as_it_is(upload)


def _as_it_is(upload: PartialUpload) -> PartialUpload:
    found = PartialUpload.objects.select_related("sample").filter(pk=upload.pk).first()
    if found is None:
        raise NotTaken(ENDED, 410)
    return found


@contextlib.contextmanager
def _put_together(upload: PartialUpload) -> Iterator[TemporaryUploadedFile]:
    """The whole file, where Django would have put it. Raises DiskFull, FileNotFoundError when a piece is gone."""
    pieces = list(upload.pieces.order_by("offset").values_list("file", flat=True))
    # What a file is called must not be on the disk, and might be too long for it.
    with (
        files.disk_full_in_words(),
        TemporaryUploadedFile("file", "application/octet-stream", upload.size, None) as file,
    ):
        for name in pieces:
            with default_storage.open(name) as piece:
                for some in piece.chunks():
                    file.write(some)
        file.flush()
        if file.tell() != upload.size:
            raise FileNotFoundError
        file.seek(0)
        file.name = upload.name
        yield file


def _arrived(upload_id: UUID, now: datetime, sample: Sample) -> None:
    """In the transaction that makes the sample. Raises _TakenAlready, which undoes it."""
    waiting = PartialUpload.objects.unfinished().filter(pk=upload_id)
    if not waiting.update(finished_at=now, name="", sample=sample):
        raise _TakenAlready
    _delete_pieces(upload_id)


@transaction.atomic
def _refuse(upload_id: UUID, sentence: str, now: datetime) -> None:
    waiting = PartialUpload.objects.unfinished().filter(pk=upload_id)
    if waiting.update(finished_at=now, name="", error=sentence[:300]):
        _delete_pieces(upload_id)


def _delete_pieces(upload_id: UUID) -> None:
    """In a transaction; the files go when it is through."""
    UploadPiece.objects.filter(upload=upload_id).delete()
    after_commit(files.empty_folder, files.PIECES, upload_id)


# --- the end -------------------------------------------------------------------------------------------------


@transaction.atomic
def cancel(*, upload: PartialUpload) -> None:
    """Take back a file that is on its way, with all that has arrived of it; one that has arrived stays."""
    PartialUpload.objects.unfinished().filter(pk=upload.pk).delete()
    after_commit(_empty_when_gone, upload.pk)


def _empty_when_gone(upload_id: UUID) -> None:
    if not PartialUpload.objects.filter(pk=upload_id).exists():
        files.empty_folder(files.PIECES, upload_id)


def sweep(*, now: datetime) -> int:
    """Let go of what was not whole in time, and forget what arrived long ago; returns how many."""
    gone = 0
    for upload in PartialUpload.objects.filter(expires_at__lte=now).only("pk"):
        with transaction.atomic():
            PartialUpload.objects.filter(pk=upload.pk).delete()
            after_commit(files.empty_folder, files.PIECES, upload.pk)
        gone += 1
    if gone:
        log.info("let go of %s uploads that were on their way for too long", gone)
    return gone
