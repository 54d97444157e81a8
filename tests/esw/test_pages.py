"""A bounded number of requests at work, in threads that are kept."""

import asyncio
import threading

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpResponse

from esw.core.pages import Pages, Threads


@pytest.fixture
def pages(settings, monkeypatch):
    """A handler for two requests at a time, whose page is `pages.view(scope)`."""
    settings.PAGE_THREADS = 2
    handler = Pages()

    async def answered(self, request):
        from asgiref.sync import sync_to_async

        return await sync_to_async(self.view)(request)

    monkeypatch.setattr(ASGIHandler, "run_get_response", answered)
    return handler


class Visitor:
    """One request; `gate` holds up its body, `tap` what it reads of the answer."""

    def __init__(self, pages, path="/", *, gate=None, tap=None):
        self.pages, self.path, self.gate, self.tap = pages, path, gate, tap
        self.asked = False
        self.got = []
        self.gone = asyncio.Event()

    async def receive(self):
        if not self.asked:
            if self.gate is not None:
                await self.gate.wait()
            self.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if self.tap is not None:
            await self.tap.wait()
        self.got.append(message)

    async def visit(self):
        scope = {"type": "http", "method": "GET", "path": self.path, "headers": [], "query_string": b""}
        await self.pages(scope, self.receive, self.send)


def run(scene):
    asyncio.run(asyncio.wait_for(scene(), 30))


def test_no_more_than_so_many_are_at_work_and_their_threads_are_used_again(pages):
    at_once, most, names = 0, 0, set()
    lock = threading.Lock()

    def view(_request):
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
            names.add(threading.get_ident())
        threading.Event().wait(0.02)
        with lock:
            at_once -= 1
        return HttpResponse("ok")

    pages.view = view

    async def scene():
        visitors = [Visitor(pages) for _ in range(12)]
        await asyncio.gather(*(each.visit() for each in visitors))
        assert all(each.got[0]["status"] == 200 for each in visitors)

    run(scene)
    assert most == 2
    assert len(names) == 2


def test_a_phone_that_is_slow_to_send_or_to_read_keeps_nobody_waiting(pages):
    pages.view = lambda _request: HttpResponse("ok")

    async def scene():
        gate, tap = asyncio.Event(), asyncio.Event()
        slow = [Visitor(pages, gate=gate) for _ in range(3)] + [Visitor(pages, tap=tap) for _ in range(3)]
        waiting = [asyncio.create_task(each.visit()) for each in slow]
        await asyncio.sleep(0.05)
        quick = Visitor(pages)
        await quick.visit()
        assert quick.got[0]["status"] == 200
        gate.set()
        tap.set()
        await asyncio.gather(*waiting)
        assert all(each.got[0]["status"] == 200 for each in slow)

    run(scene)


def test_who_leaves_while_their_page_is_made_takes_no_place_with_them(pages):
    go = threading.Event()

    def view(request):
        if request.path == "/slow":
            go.wait(20)
        return HttpResponse("ok")

    pages.view = view

    async def scene():
        leavers = [Visitor(pages, "/slow") for _ in range(2)]
        visits = [asyncio.create_task(each.visit()) for each in leavers]
        await asyncio.sleep(0.05)
        for each in leavers:
            each.gone.set()
        await asyncio.sleep(0.05)
        late = [Visitor(pages) for _ in range(4)]
        coming = [asyncio.create_task(each.visit()) for each in late]
        go.set()
        await asyncio.gather(*visits, *coming)
        assert all(each.got[0]["status"] == 200 for each in late)

    run(scene)


def test_a_thread_that_is_still_at_work_is_lent_to_nobody():
    async def scene():
        threads = Threads(1)
        thread = await threads.borrow()
        go, over = threading.Event(), []
        thread.submit(lambda: (go.wait(20), over.append("first")))
        threads.give_back_when_idle(thread)
        asking = asyncio.create_task(threads.borrow())
        await asyncio.sleep(0.05)
        assert not asking.done()
        go.set()
        assert (await asking) is thread
        assert over == ["first"]

    run(scene)
