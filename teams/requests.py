"""The request of somebody who is logged in, for the types of views behind `login_required`."""

from django.http import HttpRequest

from teams.models import User


class PersonRequest(HttpRequest):
    """A request whose `user` is a person."""

    user: User
