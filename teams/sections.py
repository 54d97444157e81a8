"""What the rooms above show on a team's page.

They register a provider at start-up (`AppConfig.ready`), so that this room need not know them and the page is
still one page, written by the server.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from teams.models import Team, User

Provider = Callable[[Team, User, datetime], dict[str, Any]]

_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Let `provider(team, user, now)` add its part to the page's context; usable as a decorator."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def gathered(team: Team, user: User, now: datetime) -> dict[str, Any]:
    """Everything that the rooms above have to show about this team to this person."""
    context: dict[str, Any] = {}
    for provider in _providers:
        context |= provider(team, user, now)
    return context
