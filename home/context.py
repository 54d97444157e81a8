"""What every page's head shows."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav_administers`: whether this person has a school or district page. Lazy, so bare pages cost no query."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"nav_administers": user.administrations.exists}
