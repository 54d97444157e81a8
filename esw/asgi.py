"""The ASGI application: streams ahead of Django, a limit on bodies, the embedded worker's start and stop."""

import os
from typing import Any
from uuid import UUID

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "esw.settings")
_django = get_asgi_application()

# What follows needs the apps, which the line above made ready.
from esw.core import embedded  # noqa: E402
from esw.core.asgi import lifespan, limit_bodies  # noqa: E402
from esw.core.push import hub  # noqa: E402
from sessions_app import stream  # noqa: E402

_pages = limit_bodies(_django)
hub().on_presence = stream.announce_presence


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await lifespan(scope, receive, send, start=embedded.start, stop=embedded.stop)
    elif scope["type"] != "http":
        await send({"type": "websocket.close"})
    elif found := stream.PATH.fullmatch(scope["path"]):
        await stream.stream(scope, receive, send, UUID(found[1]))
    elif found := stream.PROJECTOR_PATH.fullmatch(scope["path"]):
        await stream.project(scope, receive, send, UUID(found[1]))
    else:
        await _pages(scope, receive, send)
