"""allauth's rules for this house: people are added by their team, they do not sign themselves up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's shape)
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Where a mailed link leads. The site's address comes from the settings, never from the request's own words.

        `key` is '<person>-<token>' (allauth).
        """
        uidb36, token = key.split("-", 1)
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": token})
        return f"{settings.SITE_URL}{path}"

    def format_email_subject(self, subject: str) -> str:
        """As the template says it: allauth would put the host that the request claims before it."""
        return subject
