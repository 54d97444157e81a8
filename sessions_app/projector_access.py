"""Whether a screen that shows a cookie is the projector it says it is: asked with every answer and every heartbeat."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.crypto import constant_time_compare

from esw.core.one_use import hashed
from sessions_app.models import Projector

#: The screen's own cookie, sent to its projector's addresses alone. It says nothing of who is logged in.
COOKIE = "projector"


def projector_of(*, projector_id: UUID, cookie: str, now: datetime) -> Projector | None:
    """The projector that this cookie belongs to, as long as it shows; None for everyone else."""
    found: Projector | None = (
        Projector.objects.showing(now)
        .select_related(
            "session__team",
            "session__assignment",
            "session__rubric_version__rubric",
            "session__protocol_version__protocol",
        )
        .filter(pk=projector_id)
        .first()
    )
    if found is None or not cookie or not constant_time_compare(found.cookie_hash, hashed(cookie)):
        return None
    return found


def still_showing(cookie_hashes: Collection[str], now: datetime) -> frozenset[str]:
    """Those of the cookies' hashes whose projectors still show. One query."""
    rows = Projector.objects.showing(now).filter(cookie_hash__in=cookie_hashes)
    return frozenset(rows.values_list("cookie_hash", flat=True))
