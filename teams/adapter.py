"""allauth's rules for this house: people are added by their team, they do not sign themselves up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from esw.core.responses import wants_json
from teams.log_in import scripts
from teams.log_in.limits import WRONG_PASSWORDS
from teams.models import User

WORDS = {
    "email_password_mismatch": (
        "This e-mail address and password do not go together. Look at both again, or have a code mailed to you."
    ),
    "too_many_login_attempts": (
        "That was too many wrong passwords for this address. Have a code mailed to you, or wait five minutes."
    ),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | WORDS

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Whose e-mail address and password these are. A wrong one counts, for the account and not for the address.

        It is counted before it is tried, and given back when it was right: so many tries at once are no way around.
        """
        account = credentials.get("email", "").lower()
        if not WRONG_PASSWORDS.take(account):
            raise self.validation_error("too_many_login_attempts")
        found: User | None = super().authenticate(request, **credentials)
        if found is not None:
            WRONG_PASSWORDS.give_back(account)
        return found

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's shape)
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Where a mailed link leads. The site's address comes from the settings, never from the request's own words.

        `key` is '<person>-<token>' (allauth).
        """
        uidb36, token = key.split("-", 1)
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": token})
        return f"{settings.SITE_URL}{path}"

    def is_ajax(self, request: HttpRequest) -> bool:
        """Whether to answer with JSON."""
        return wants_json(request)

    def ajax_response(
        self,
        request: HttpRequest,
        response: HttpResponse,
        redirect_to: str | None = None,  # noqa: ARG002 (allauth's shape)
        form: BaseForm | None = None,
        data: Any = None,  # noqa: ARG002
    ) -> HttpResponse:
        return scripts.told(request, response, form)

    def format_email_subject(self, subject: str) -> str:
        """As the template says it: allauth would put the host that the request claims before it."""
        return subject
