"""The doors of the log-in: those of allauth's that ESW needs, at allauth's own addresses.

Above all nobody changes their own e-mail address: whoever took that of a colleague who is yet to be added
would be added to the team in their place.
"""

from allauth.account import urls
from django.urls import path

from teams.log_in.views import LogInView, MailCodeView, TypeCodeView

OPEN = frozenset(
    {
        "account_logout",
        "account_inactive",
        "account_signup",  # says that people are added by their team
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    }
)

urlpatterns = [
    path("login/", LogInView.as_view(), name="account_login"),
    path("login/code/", MailCodeView.as_view(), name="account_request_login_code"),
    path("login/code/confirm/", TypeCodeView.as_view(), name="account_confirm_login_code"),
    *(door for door in urls.urlpatterns if door.name in OPEN),
]
