"""Cheap checks of an upload, by its first bytes and its size: nothing is decoded. No Django in here."""

from __future__ import annotations

import contextlib
import mmap
import os
from pathlib import Path

from work_samples import kinds
from work_samples.kinds.pdf import after_blanks
from work_samples.refusals import MAX_UPLOAD_BYTES, MIB, CannotRead

HEAD_BYTES = 4096
MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<head", b"<body", b"<!--")
CONTAINER = b"\xd0\xcf\x11\xe0"
OFFICE_MAGIC = (b"PK\x03\x04", CONTAINER)


def sniff(head: bytes) -> str | None:
    """The kind of a file by its first bytes (a few hundred are enough), else None. Names do not count."""
    kind = kinds.by_head(head)
    return kind.name if kind else None


def check_upload(path: Path | str) -> str:
    """The kind of an uploaded file, by cheap checks that decode nothing.

    Raises CannotRead when it is empty, too big or not of a kind that ESW takes.
    """
    try:
        with Path(path).open("rb") as file:
            head = file.read(HEAD_BYTES)
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise CannotRead("missing") from error
    if not size:
        raise CannotRead("empty")
    kind = kinds.by_content(head, Path(path))
    if kind is None:
        raise CannotRead(_why_unknown(head, Path(path)))
    most = kind.max_bytes or MAX_UPLOAD_BYTES
    if size > most:
        raise CannotRead("too_big", megabytes=-(-size // MIB), limit=most // MIB)
    if missing := kind.missing():
        raise CannotRead(missing)
    return kind.name


def _is_locked(head: bytes, path: Path) -> bool:
    """Office programs put a document with a password into a container of the old kind."""
    if not head.startswith(CONTAINER):
        return False
    with (
        contextlib.suppress(OSError, ValueError),
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        return data.find("EncryptedPackage".encode("utf-16-le"), 0, MAX_UPLOAD_BYTES) >= 0
    return False


def _why_unknown(head: bytes, path: Path) -> str:
    start = head
    for encoding, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        if head.startswith(mark):
            start = head[2:].decode(encoding, "ignore").encode("utf-8", "ignore")
    start = after_blanks(start).lower()
    if start.startswith(MARKUP) or any(word in start for word in (b"<html", b"<svg", b"<script")):
        return "web_page"
    if _is_locked(head, path):
        return "locked_document"
    if head.startswith(OFFICE_MAGIC):
        return "document"
    if b"%PDF-" in head[:1024]:
        return "wrapped_pdf"
    return "unknown"


def starts_as(path: Path, kind: str) -> bool:
    """Whether there is a plain file here (no link) that begins as this kind does."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return sniff(file.read(64)) == kind
