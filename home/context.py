"""What every page's head shows."""

from typing import Any

from django.http import HttpRequest

#: Which entry of the main navigation a page belongs to, by its namespace, unless its own name says otherwise.
BY_NAMESPACE = {"teams": "team", "work_samples": "library", "rubrics": "rubrics", "insights": "school"}
BY_NAME = {
    "home:home": "home",
    "home:library": "library",
    "sessions_app:next_steps": "next_steps",
    "sessions_app:plan": "team",
    "sessions_app:edit": "team",
    "reports:record": "team",
    "teams:profile": "",
    "teams:district_rules": "school",
}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav_active`, and `nav_administers`: whether this person has a school or district page.

    Lazy, so bare pages cost no query. A view's own `nav_active` wins over this one.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"nav_administers": user.administrations.exists, "nav_active": active(request)}


def active(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:
        return ""
    return BY_NAME.get(match.view_name, BY_NAMESPACE.get(match.namespace, ""))
