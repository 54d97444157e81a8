"""Files in pieces, by the tus protocol (https://tus.io/protocols/resumable-upload, 1.0.0): its core, and of its
extensions creation, checksum, expiration and termination.

`POST` says how long a file is, `PATCH` sends some of it, `HEAD` asks how much is here, `DELETE` takes it back. What the
protocol has no word for, what became of the file, `GET` tells. One pair of functions serves who is logged in and the
phone of somebody who is: they differ in who sends, and for which assignment.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    JsonResponse,
    UnreadablePostError,
)
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import http_date

from esw.core import clock
from esw.core.responses import answers_json
from teams.models import User
from teams.requests import person
from work_samples.domain import pieces
from work_samples.domain.pieces import NotTaken
from work_samples.models import Assignment, PartialUpload, Phone, Sample
from work_samples.views.fetch import assignment_or_404, my_sample

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,expiration,termination"
ALGORITHMS = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}  # the second because the protocol asks for it
PIECE_TYPE = "application/offset+octet-stream"
DIGITS = 15

OTHER_VERSION = f"This address speaks version {VERSION} of the tus protocol (Tus-Resumable)."
NO_LENGTH = "Say how many bytes the file has (Upload-Length)."
NO_OFFSET = "Say from which byte on this is (Upload-Offset)."
NO_METADATA = "What is said about the file could not be read (Upload-Metadata)."
NO_CHECKSUM = "The checksum could not be read. ESW knows sha256 and sha1 (Upload-Checksum)."
WRONG_CHECKSUM = "This piece was damaged on its way, so it was not taken. Send it again."
WRONG_TYPE = f"Send a piece of a file as {PIECE_TYPE}."
NO_SUCH_KEY = "This is not the key of an assignment or a sample."
OTHER_SAMPLE = "This sample belongs to other work. Bring the file as a sample of its own."
CHECKSUM_MISMATCH = 460  # the protocol's own


@dataclass(frozen=True)
class Sender:
    """Who sends, where their files are addressed, and with which phone, if it is one."""

    user: User
    base: str
    phone: Phone | None = None

    def assignment(self, request: HttpRequest, said: dict[str, str]) -> Assignment:
        """What the file is for: as said, or the one that the phone is for. Raises Http404."""
        if self.phone is not None:
            return self.phone.assignment
        return assignment_or_404(request, _key(said.get("assignment", "")))

    def sample(self, request: HttpRequest, assignment: Assignment, said: str) -> Sample:
        """The sample that the file is more pages of; a phone adds to those that it began. Raises Http404."""
        key = _key(said)
        if self.phone is None:
            sample = my_sample(request, key)
        else:
            began = self.phone.uploads.exclude(finished_at=None).values("sample")
            mine = Sample.objects.visible_to(self.user).filter(uploader=self.user, pk__in=began)
            sample = get_object_or_404(mine, pk=key)
        if sample.assignment_id != assignment.pk:
            raise NotTaken(OTHER_SAMPLE, 400)
        return sample

    def upload(self, key: UUID) -> PartialUpload:
        """A file of this sender's own. Raises Http404."""
        mine = PartialUpload.objects.visible_to(self.user).current(clock.now())
        if self.phone is not None:
            mine = mine.filter(phone=self.phone)
        uploads = mine.select_related("sample", "assignment", "owner")
        found: PartialUpload = get_object_or_404(uploads, pk=key)
        return found


Answer = Callable[..., HttpResponseBase]


def speaks_tus(view: Answer) -> Answer:
    """Every answer carries the protocol's version; what cannot be taken is said in a sentence."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if _method(request) not in {"OPTIONS", "GET"} and request.headers.get("Tus-Resumable") != VERSION:
            answer: HttpResponseBase = JsonResponse({"error": OTHER_VERSION}, status=412)
            answer["Tus-Version"] = VERSION
        else:
            try:
                answer = view(request, *args, **kwargs)
            except NotTaken as refused:
                answer = JsonResponse({"error": refused.sentence}, status=refused.status)
        answer["Tus-Resumable"] = VERSION
        answer["Cache-Control"] = "no-store"
        return answer

    return spoken


def _method(request: HttpRequest) -> str:
    """The protocol lets a browser behind a proxy that knows no PATCH say so in a header of a POST."""
    method = request.method or ""
    return request.headers.get("X-HTTP-Method-Override", method).upper() if method == "POST" else method


# --- the laptop's addresses ----------------------------------------------------------------------------------


@answers_json
@login_required
@speaks_tus
def collection(request: HttpRequest) -> HttpResponseBase:
    return begin(request, _sender(request))


@answers_json
@login_required
@speaks_tus
def single(request: HttpRequest, upload: UUID) -> HttpResponseBase:
    return go_on(request, _sender(request), upload)


def _sender(request: HttpRequest) -> Sender:
    return Sender(person(request), reverse("work_samples:pieces"))


# --- what both do --------------------------------------------------------------------------------------------


def begin(request: HttpRequest, sender: Sender) -> HttpResponseBase:
    """`OPTIONS` says what is spoken here, `POST` begins a file: 201 and its address. Raises NotTaken, Http404."""
    if request.method == "OPTIONS":
        return _abilities(sender)
    if request.method != "POST":
        return HttpResponseNotAllowed(["OPTIONS", "POST"])
    size = _number(request, "Upload-Length", NO_LENGTH)
    said = _metadata(request.headers.get("Upload-Metadata", ""))
    assignment = sender.assignment(request, said)
    sample = sender.sample(request, assignment, said["sample"]) if said.get("sample") else None
    upload = pieces.begin(
        assignment=assignment,
        by=sender.user,
        name=said.get("filename", ""),
        size=size,
        sample=sample,
        phone=sender.phone,
        now=clock.now(),
    )
    answer = HttpResponse(status=201)
    answer["Location"] = f"{sender.base}{upload.pk}/"
    return _told(answer, upload)


def _abilities(sender: Sender) -> HttpResponseBase:
    answer = HttpResponse(status=204)
    answer["Tus-Version"] = VERSION
    answer["Tus-Extension"] = EXTENSIONS
    answer["Tus-Checksum-Algorithm"] = ",".join(ALGORITHMS)
    if sender.phone is not None:
        answer["Tus-Max-Size"] = str(pieces.most_bytes(sender.phone.assignment))
    return answer


def go_on(request: HttpRequest, sender: Sender, key: UUID) -> HttpResponseBase:
    """One file that is on its way. Raises NotTaken, Http404."""
    asked = {"HEAD": _how_far, "GET": _what_became, "PATCH": _piece, "DELETE": _cancel}.get(_method(request))
    if asked is None:
        return HttpResponseNotAllowed(["DELETE", "GET", "HEAD", "PATCH"])
    return asked(request, sender.upload(key))


def _told(answer: HttpResponse, upload: PartialUpload) -> HttpResponse:
    answer["Upload-Offset"] = str(upload.received)
    answer["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return answer


def _how_far(_request: HttpRequest, upload: PartialUpload) -> HttpResponseBase:
    answer = HttpResponse()
    answer["Upload-Length"] = str(upload.size)
    return _told(answer, upload)


def _what_became(_request: HttpRequest, upload: PartialUpload) -> HttpResponseBase:
    return JsonResponse(
        {
            "finished": upload.finished_at is not None,
            "received": upload.received,
            "size": upload.size,
            "sample": str(upload.sample_id) if upload.finished_at and upload.sample_id else None,
            "label": upload.sample.label if upload.finished_at and upload.sample else None,
            "error": upload.error or None,
        }
    )


def _piece(request: HttpRequest, upload: PartialUpload) -> HttpResponseBase:
    """Take a piece; the last one makes the file a sample's. An empty one, once all is here, has that tried again."""
    offset = _number(request, "Upload-Offset", NO_OFFSET)
    try:
        data = request.body
    except RequestDataTooBig as large:
        raise NotTaken(pieces.PIECE_TOO_LARGE, 413) from large
    except UnreadablePostError as broken:
        raise NotTaken(WRONG_CHECKSUM, CHECKSUM_MISMATCH) from broken
    if data and request.content_type != PIECE_TYPE:
        raise NotTaken(WRONG_TYPE, 415)
    _check(request.headers.get("Upload-Checksum"), data)
    now = clock.now()
    upload = pieces.take_piece(upload=upload, offset=offset, data=data, now=now)
    return _told(HttpResponse(status=204), pieces.finish(upload=upload, now=now))


def _check(said: str | None, data: bytes) -> None:
    if said is None:
        return
    name, _, digest = said.partition(" ")
    algorithm = ALGORITHMS.get(name)
    try:
        wanted = base64.b64decode(digest, validate=True)
    except (binascii.Error, ValueError) as unreadable:
        raise NotTaken(NO_CHECKSUM, 400) from unreadable
    if algorithm is None or not wanted:
        raise NotTaken(NO_CHECKSUM, 400)
    if algorithm(data).digest() != wanted:
        raise NotTaken(WRONG_CHECKSUM, CHECKSUM_MISMATCH)


def _cancel(_request: HttpRequest, upload: PartialUpload) -> HttpResponseBase:
    pieces.cancel(upload=upload)
    return HttpResponse(status=204)


# --- reading headers -----------------------------------------------------------------------------------------


def _number(request: HttpRequest, name: str, sentence: str) -> int:
    said = request.headers.get(name, "")
    if not (said.isascii() and said.isdigit() and len(said) <= DIGITS):
        raise NotTaken(sentence, 400)
    return int(said)


def _metadata(header: str) -> dict[str, str]:
    """`key base64,key base64`, as the protocol has it."""
    said: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        try:
            said[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError) as unreadable:
            raise NotTaken(NO_METADATA, 400) from unreadable
    return said


def _key(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError as none:
        raise NotTaken(NO_SUCH_KEY, 400) from none
