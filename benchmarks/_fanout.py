"""ESW's hub and stream without a session behind them: what the peers do, by ESW's means. For uvicorn."""

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "esw.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

from esw.core.asgi import lifespan  # noqa: E402
from esw.core.pages import Pages  # noqa: E402
from esw.core.push import Message, hub  # noqa: E402
from esw.core.server import _allow_many_streams  # noqa: E402
from sessions_app.stream import _serve  # noqa: E402

settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []
_allow_many_streams()


def publish(request: HttpRequest, room: str) -> HttpResponse:
    hub().publish(room, Message("state", None, request.body))
    return HttpResponse("{}", headers={"Content-Length": "2"})


def health(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("healthz", health), path("publish/<room>/", publish)]
_pages = Pages()
_people = iter(range(10**9))


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        hub().begin()
        await lifespan(scope, receive, send, start=lambda: None, stop=lambda: None)
    elif scope["path"].startswith("/stream/"):
        async with hub().subscribe(scope["path"].split("/")[2], str(next(_people))) as messages:
            await _serve(messages, receive, send)
    else:
        await _pages(scope, receive, send)
