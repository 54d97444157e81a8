"""The forms of both ways in, over allauth's."""

import unicodedata
from collections.abc import Callable
from typing import Any

from allauth.account import forms as theirs
from allauth.account.internal.userkit import filter_users_by_email
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from teams.models import User

CODE_LENGTH = 6


def keep_logged_in(request: HttpRequest, *, shared: bool) -> None:
    """For a month; on a shared computer until the browser is closed."""
    request.session.set_expiry(0 if shared else settings.SESSION_COOKIE_AGE)


def shared_field() -> forms.BooleanField:
    return forms.BooleanField(required=False, label="This is a shared computer")


class LogInForm(theirs.LoginForm):
    """By password. allauth's own log-in comes first; then how long it lasts."""

    shared = shared_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].error_messages["required"] = "Type your e-mail address."
        self.fields["password"].error_messages["required"] = "Type your password, or have a code mailed to you."

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponseBase:
        answer: HttpResponseBase = super().login(request, redirect_url)
        keep_logged_in(request, shared=self.cleaned_data["shared"])
        return answer


class MailCodeForm(forms.Form):
    """Where a code is to go. `user` is whose address it is, or None; only the letter tells the difference."""

    email = theirs.EmailField(error_messages={"required": "Type your e-mail address, and we mail a code to it."})
    shared = shared_field()
    user: User | None = None

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        found = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
        self.user = found[0] if found else None
        return email


class TypeCodeForm(theirs.ConfirmLoginCodeForm):
    """The code as it was read from a letter: spaces, dashes and other scripts' digits are understood.

    What cannot be a code is no try. `take_try` counts a try, and is False when there are none left (error `dead`).
    """

    def __init__(self, *args: Any, take_try: Callable[[], bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.take_try = take_try
        self.fields["code"].error_messages["required"] = f"Type the {CODE_LENGTH} digits from the letter."

    def clean_code(self) -> str:
        code = digits(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH:
            sentence = f"The code has {CODE_LENGTH} digits; look at the letter again. This did not count as a try."
            raise forms.ValidationError(sentence, code="shape")
        if not self.take_try():
            raise forms.ValidationError("", code="dead")
        self.cleaned_data["code"] = code
        return str(super().clean_code())


def digits(typed: str) -> str:
    """The digits of what was typed, as 0 to 9."""
    return "".join(str(unicodedata.digit(each)) for each in typed if each.isdigit())
