"""The ASGI application: streams ahead of Django, a limit on bodies, the embedded worker's start and stop."""

import os
from typing import Any
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "esw.settings")
django.setup(set_prefix=False)

# What follows needs the apps, which the line above made ready.
from esw.core import embedded, garbage  # noqa: E402
from esw.core.asgi import lifespan, limit_bodies, sorry_when_away, sorry_when_full  # noqa: E402
from esw.core.pages import Pages  # noqa: E402
from esw.core.push import hub  # noqa: E402
from sessions_app import stream  # noqa: E402

_pages = limit_bodies(sorry_when_full(Pages()))
hub().on_presence = stream.announce_presence
hub().on_gap = stream.heal
garbage.look_seldom()


@sorry_when_away
async def http(scope: Any, receive: Any, send: Any) -> None:
    if found := stream.PATH.fullmatch(scope["path"]):
        await stream.stream(scope, receive, send, UUID(found[1]))
    elif found := stream.PROJECTOR_PATH.fullmatch(scope["path"]):
        await stream.project(scope, receive, send, UUID(found[1]))
    else:
        await _pages(scope, receive, send)


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        hub().begin()
        await lifespan(scope, receive, send, start=embedded.start, stop=embedded.stop)
    elif scope["type"] == "http":
        await http(scope, receive, send)
    else:
        await send({"type": "websocket.close"})
