"""The doors of the log-in: those of allauth's that ESW needs, at allauth's own addresses.

Above all nobody changes their own e-mail address: whoever took that of a colleague who is yet to be added
would be added to the team in their place.
"""

from allauth.account import urls

OPEN = frozenset(
    {
        "account_login",
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

urlpatterns = [door for door in urls.urlpatterns if door.name in OPEN]
