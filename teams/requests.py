"""The request of somebody who is logged in, for the types of views behind `login_required`."""

from django.http import HttpRequest

from teams.models import User


class PersonRequest(HttpRequest):
    """A request whose `user` is a person."""

    user: User


def person(request: HttpRequest) -> User:
    """The person who asks, for views that take a plain request; only behind `login_required`."""
    if not isinstance(request.user, User):
        raise TypeError("This view is for people who are logged in.")
    return request.user
