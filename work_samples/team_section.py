"""What this room shows on a team's page: work that is going to be destroyed, and what leads keep longer."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from teams.models import Team, User
from teams.sections import register
from work_samples.domain import retention


@register
def leaving(team: Team, _user: User, now: datetime) -> dict[str, Any]:
    """The context of the team's page, for its members."""
    return {
        "leaving": retention.leaving(team),
        "kept_longer": list(retention.kept(team, today=timezone.localdate(now, timezone.get_default_timezone()))),
    }
