"""The rules of a district for student work, which its administrators set."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from esw.core.database import held
from teams.models import District, RuleChange, User

#: The rules, by the name that the log of changes gives them.
RULES = {
    "recordings_allowed": "Audio and video",
    "recordings_consent": "Where consent is on file",
    "groups": "Student groups",
    "reporting_duty": "Reporting duty",
    "concern_contact_name": "Who is told of a worry",
    "concern_contact_email": "Who is told of a worry",
    "retention_years": "How long work is kept",
    "team_quota_mb": "Room for each team",
}


@transaction.atomic
def set_rules(*, district: District, by: User, rules: Mapping[str, Any], now: datetime) -> list[str]:
    """Set the rules that are named in `rules`; returns the names of those that changed, each once, and logs them.

    The form has judged them; the rules in the database hold whatever comes.
    """
    row = held(District.objects.all()).get(pk=district.pk)
    changed = [name for name in RULES if name in rules and getattr(row, name) != rules[name]]
    for name in changed:
        setattr(row, name, rules[name])
    if not changed:
        return []
    row.save(update_fields=changed)
    named = list(dict.fromkeys(RULES[name] for name in changed))
    RuleChange.objects.bulk_create(RuleChange(district=row, rule=name, by=by, at=now) for name in named)
    return named
