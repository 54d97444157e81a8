"""The letter that a new member gets: who added them, and a link to set a password (allauth's own reset link)."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from teams.models import Team, User


def send_welcome(*, request: HttpRequest, user: User, team: Team, by: User) -> None:
    """Mail the link. The address of the site comes from the settings, never from the request's own words."""
    kwargs = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    link = settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=kwargs)
    context = {"person": user, "team": team, "by": by, "link": link, "site": settings.SITE_URL, "request": request}
    get_adapter().send_mail("teams/email/welcome", user.email, context)
