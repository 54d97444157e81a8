"""The packet for a meeting on paper as PDF: what it is made from, and making it."""

import hashlib
import json
from dataclasses import asdict

from django.conf import settings

from reports.documents import render_pdf
from reports.domain.kept import Made, Maker, Report
from reports.domain.record_file import small_page, zone_of
from reports.models import KeptDocument
from reports.packet import Packet, packet_of
from sessions_app.models import Session, Status

KIND = "packet"
#: Raise it when the document looks different, so that the kept ones are made anew.
EDITION = 1
TEMPLATE = "packet.typ"
#: Pixels of the long side, by how many pages there are at most: a whole class must still be a file to print.
LONG_SIDES = ((24, 1800), (80, 1300))
LONG_SIDE_OF_MANY = 900
WHOLE = ("team__school", "assignment", "task", "protocol_version__protocol", "rubric_version")


def told_of(session: Session) -> Packet:
    """The packet in the zone of who planned the session: everyone who asks gets the same."""
    return packet_of(session, zone=zone_of(session))


def digest_of(packet: Packet) -> str:
    """What the document is made from, as one word: it changes with the plan, the rubric and the pages."""
    pictures = [asdict(picture) for picture in packet.pictures]
    tells = {"edition": EDITION, "paper": settings.PAPER, "data": packet.data, "pictures": pictures}
    return hashlib.sha256(json.dumps(tells, sort_keys=True).encode("utf-8", "replace")).hexdigest()


def _told(row: KeptDocument) -> Packet | None:
    session = Session.objects.select_related(*WHOLE).filter(pk=row.subject).exclude(status=Status.FINISHED).first()
    return told_of(session) if session else None


def _digest(row: KeptDocument) -> str | None:
    told = _told(row)
    return digest_of(told) if told else None


def _make(row: KeptDocument, report: Report) -> Made | None:
    told = _told(row)
    if told is None:
        return None
    digest, steps = digest_of(told), len(told.pictures) + 1
    long_side = next((side for most, side in LONG_SIDES if len(told.pictures) <= most), LONG_SIDE_OF_MANY)
    pictures: dict[str, bytes] = {}
    for done, picture in enumerate(told.pictures):
        report(done, steps)
        try:
            pictures[picture.name] = small_page(picture.stored, long_side=long_side)
        except (FileNotFoundError, ValueError):
            _leave_out(told, picture.name)
    report(len(told.pictures), steps)
    return Made(render_pdf(template=TEMPLATE, data=told.data, pictures=pictures), digest)


def _leave_out(told: Packet, name: str) -> None:
    """Say in the page's place that its file went while the packet was being made."""
    for part in (told.data["task"], *told.data["samples"]):
        for page in part["pages"]:
            if page["file"] == name:
                page["gone"] = "is not there any more"


PACKET = Maker(make=_make, digest=_digest)
