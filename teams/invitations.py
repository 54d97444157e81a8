"""The letter that a new member gets: who added them, and a link to set a password (allauth's own reset link)."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest

from teams.models import Team, User


def send_welcome(*, request: HttpRequest, user: User, team: Team, by: User) -> None:
    """Mail the link."""
    adapter = get_adapter()
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    link = adapter.get_reset_password_from_key_url(key)
    context = {"person": user, "team": team, "by": by, "link": link, "site": settings.SITE_URL, "request": request}
    adapter.send_mail("teams/email/welcome", user.email, context)
