"""Arranging the pages of an assignment's samples that nobody has confirmed: one page, one address for all it does.

Each action is one post that names what it does (`do`), the pages or samples that it is about, and what its person saw
of them (`seen`). It answers how things lie afterwards: as JSON, as the part of the page that shows it, or by going
back there.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from esw.core import clock
from esw.core.files import serve_file
from esw.core.responses import posted, problem, saved, wants_json
from teams.requests import PersonRequest
from work_samples import access, arrange_queries
from work_samples.domain import arranging, bringing, groups, layout, shapes, shaping
from work_samples.domain.layout import Layout
from work_samples.forms import StripForm
from work_samples.models import Assignment, Page
from work_samples.views.fetch import assignment_or_404, sample_or_404
from work_samples.views.images import NOT_KEPT, WEBP

NO_SUCH_ACTION = "ESW does not know what to do with these pages. Reload the page and try once more."
NOT_A_KEY = "One of the pages or samples has no key that ESW knows. Reload the page and try once more."
NO_TURN = "Turn a page by 1, 2 or 3 quarters."
CHOOSE_A_PAGE = "Choose the pages to cut first."
MOST_DIGITS = 5
REFUSED = (layout.BadLayout, shapes.BadShape, groups.NoSuchGroup)
NOT_NOW = (layout.Changed, arranging.NotNow, bringing.NotBrought)


class BadAction(layout.BadLayout):
    """What was posted names no action, or not what it needs."""


class Action:
    """What was posted, form or JSON alike, read with care."""

    def __init__(self, request: PersonRequest, assignment: Assignment) -> None:
        self.body: Mapping[str, Any] = posted(request)
        self.by, self.assignment = request.user, assignment

    def text(self, name: str) -> str:
        return str(self.body.get(name) or "").strip()

    def keys(self, name: str) -> list[UUID]:
        given: Any = self.body.getlist(name) if hasattr(self.body, "getlist") else self.body.get(name, [])
        if not isinstance(given, list):
            raise BadAction(NOT_A_KEY)
        return [key_of(one) for one in given]

    def key(self, name: str) -> UUID:
        return key_of(self.text(name))

    def number(self, name: str, otherwise: str) -> int:
        return _whole_number(self.text(name), otherwise)

    @property
    def seen(self) -> dict[UUID, str]:
        told = self.body.get("seen")
        if isinstance(told, dict):
            return {key_of(key): str(mark) for key, mark in told.items()}
        return {key_of(name[5:]): str(mark) for name, mark in self.body.items() if name.startswith("seen-")}

    def arrange(self, words: str, how: Callable[[Layout, arranging.Table], Layout]) -> None:
        arranging.arrange(assignment=self.assignment, by=self.by, how=how, seen=self.seen, words=words, now=clock.now())

    def reshape(self, words: str, how: Callable[[shapes.Look], shapes.Look]) -> None:
        pages = self.keys("pages")
        shaping.reshape(assignment=self.assignment, by=self.by, pages=pages, how=how, seen=self.seen, words=words)


def _whole_number(said: str, otherwise: str) -> int:
    """A few digits as a number. Raises BadAction with the sentence `otherwise`."""
    if not (said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS):
        raise BadAction(otherwise)
    return int(said)


def key_of(raw: object) -> UUID:
    try:
        return UUID(str(raw))
    except ValueError as problem:
        raise BadAction(NOT_A_KEY) from problem


def _split_every(act: Action) -> None:
    sample, pages = act.key("sample"), act.number("every", layout.NOT_A_NUMBER)
    act.arrange("Split a sample", lambda lies, _: layout.split_every(lies, sample, pages))


def _split_at(act: Action) -> None:
    pages = act.keys("pages")
    act.arrange("Begin a new student", lambda lies, _: layout.split_at(lies, pages))


def _merge(act: Action) -> None:
    samples = act.keys("samples")
    act.arrange("Merge samples", lambda lies, _: layout.merge(lies, samples))


def _join(act: Action) -> None:
    """One sample onto the one above it."""
    sample = act.key("sample")

    def how(lies: Layout, _: arranging.Table) -> Layout:
        order = [heap.sample for heap in lies if heap.sample is not None]
        if sample not in order:
            raise layout.Changed
        place = order.index(sample)
        if not place:
            raise layout.BadLayout(layout.NO_SAMPLES)
        return layout.merge(lies, [order[place - 1], sample])

    act.arrange("Merge samples", how)


def _move(act: Action) -> None:
    pages, to = act.keys("pages"), act.text("to")
    before = act.key("before") if act.text("before") else None
    target = None if to == "new" else key_of(to)
    act.arrange("Move pages", lambda lies, _: layout.move(lies, pages, to=target, before=before))


def _step(by: int) -> Callable[[Action], None]:
    """Pages of one sample go one place earlier or later."""

    def act_on(act: Action) -> None:
        pages = act.keys("pages")
        act.arrange("Move pages", lambda lies, _: layout.step(lies, pages, by=by))

    return act_on


def _aside(act: Action) -> None:
    pages = act.keys("pages")
    act.arrange("Set pages aside", lambda lies, _: layout.set_aside(lies, pages))


def _back(act: Action) -> None:
    pages = act.keys("pages")
    act.arrange("Bring pages back", lambda lies, table: layout.bring_back(lies, pages, table.places))


def _turn(act: Action) -> None:
    quarters = act.number("by", NO_TURN)
    if quarters not in {1, 2, 3}:
        raise BadAction(NO_TURN)
    act.reshape("Turn pages", lambda look: look.turned(quarters))


def _crop(act: Action) -> None:
    piece = shapes.piece_of([act.body.get(side) for side in ("x", "y", "w", "h")])
    act.reshape("Cut pages", lambda look: look.cropped(piece))


def _whole(act: Action) -> None:
    act.reshape("Show all of pages", lambda look: look.whole())


def _undo(act: Action) -> None:
    step = arranging.last_step(assignment=act.assignment, by=act.by)
    if step is not None and "looks" in step.before:
        shaping.undo(assignment=act.assignment, by=act.by)
    else:
        arranging.undo(assignment=act.assignment, by=act.by, now=clock.now())


def _name(act: Action) -> None:
    """A sample's own label, and its group."""
    sample = arranging.arrangeable(act.by).filter(assignment=act.assignment, pk=act.key("sample")).first()
    if sample is None:
        raise layout.Changed
    label = act.text(f"label-{sample.pk}") or act.text("label")
    if label and label != sample.label:
        bringing.rename_sample(sample=sample, label=label)
    group = act.body.get(f"group-{sample.pk}", act.body.get("group"))
    if group is not None:
        groups.file_under(sample=sample, group=str(group))


ACTIONS: dict[str, Callable[[Action], None]] = {
    "split": _split_every,
    "begin": _split_at,
    "merge": _merge,
    "join": _join,
    "move": _move,
    "earlier": _step(-1),
    "later": _step(1),
    "aside": _aside,
    "back": _back,
    "turn": _turn,
    "crop": _crop,
    "whole": _whole,
    "undo": _undo,
    "name": _name,
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: PersonRequest, assignment: UUID) -> HttpResponseBase:
    """How my pages lie; a post changes it."""
    found = assignment_or_404(request, assignment)
    if request.method == "POST":
        return _act(request, found)
    if "every" in request.GET:
        return _foretell(request, found)
    return _shown(request, found)


def _act(request: PersonRequest, found: Assignment) -> HttpResponseBase:
    act = Action(request, found)
    # A button says what it does and about which page or sample: "turn 1", "join 4f…".
    name, _, about = act.text("do").partition(" ")
    if about:
        act.body = _About(act.body, {"by": about, "sample": about} | ({"pages": about} if name == "back" else {}))
    if name == "cut":
        return _to_cutting(request, found, act)
    try:
        if name not in ACTIONS:
            raise BadAction(NO_SUCH_ACTION)
        ACTIONS[name](act)
    except REFUSED as refused:
        return _shown(request, found, error=refused.sentence, status=400)
    except NOT_NOW as refused:
        return _shown(request, found, error=refused.sentence, status=409)
    if wants_json(request) or getattr(request, "htmx", False):
        return _shown(request, found)
    return redirect("work_samples:arrange", found.pk)


class _About(dict[str, Any]):
    """What was posted, and what the button adds."""

    def __init__(self, body: Mapping[str, Any], more: Mapping[str, str]) -> None:
        super().__init__({name: body[name] for name in body} | dict(more))
        self._body = body

    def getlist(self, name: str) -> list[Any]:
        if name == "pages" and self.get("pages") != self._body.get("pages"):
            return [self["pages"]]
        given = self._body.getlist(name) if hasattr(self._body, "getlist") else self._body.get(name, [])
        return given if isinstance(given, list) else [given]


def _shown(
    request: PersonRequest, found: Assignment, *, error: str = "", status: int = 200, **more: Any
) -> HttpResponse:
    desk = arrange_queries.desk_of(assignment=found, user=request.user)
    if wants_json(request):
        return JsonResponse({"error": error} if error else _told(desk), status=status)
    context = {"assignment": found, "desk": desk, "error": error, "most": arrange_queries.MOST} | more
    is_part = getattr(request, "htmx", False)
    template = "work_samples/_arrange.html" if is_part else "work_samples/arrange.html"
    return render(request, template, context, status=status)


def _told(desk: arrange_queries.Desk) -> dict[str, Any]:
    return {
        "samples": [
            {
                "id": str(row.sample.pk),
                "label": row.sample.label,
                "group": row.sample.group,
                "seen": row.mark,
                "busy": row.is_busy,
                "pages": [_told_page(sheet) for sheet in row.sheets],
                "aside": [_told_page(sheet) for sheet in row.aside],
            }
            for row in desk.rows
        ],
        "undo": desk.undo or None,
        "groups": list(desk.groups),
    }


def _told_page(sheet: arrange_queries.Sheet) -> dict[str, Any]:
    page = sheet.page
    return {
        "id": str(page.pk),
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "turn": sheet.turn,
        "cut": sheet.is_cut,
        "boxes": sheet.boxes,
        "thumbnail": reverse("work_samples:arrange_thumbnail", args=[page.pk]),
    }


def _foretell(request: PersonRequest, found: Assignment) -> HttpResponseBase:
    """What a split would make, before anybody presses it."""
    try:
        every = _whole_number(request.GET.get("every", ""), layout.NOT_A_NUMBER)
        words = arrange_queries.split_words(
            assignment=found, user=request.user, sample=key_of(request.GET.get("sample")), pages=every
        )
    except (layout.BadLayout, layout.Changed) as refused:
        if wants_json(request):  # asked while somebody types, so no mistake
            return JsonResponse({"makes": "", "error": refused.sentence})
        return _shown(request, found, error=refused.sentence, status=400)
    if wants_json(request):
        return JsonResponse({"makes": words})
    return _shown(request, found, makes=words, every=every, split=request.GET.get("sample"))


def _to_cutting(request: PersonRequest, found: Assignment, act: Action) -> HttpResponseBase:
    try:
        pages = act.keys("pages")
    except BadAction as refused:
        return _shown(request, found, error=refused.sentence, status=400)
    if not pages:
        return _shown(request, found, error=CHOOSE_A_PAGE, status=400)
    address = reverse("work_samples:cut", args=[found.pk])
    return redirect(f"{address}?{'&'.join(f'pages={page}' for page in pages)}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cut(request: PersonRequest, assignment: UUID) -> HttpResponseBase:
    """Draw around the piece of a page that stays, and choose on which pages."""
    found = assignment_or_404(request, assignment)
    desk = arrange_queries.desk_of(assignment=found, user=request.user)
    if not desk.pages:
        return redirect("work_samples:arrange", found.pk)
    form = StripForm(request.POST or None, initial={"x": 5, "y": 5, "w": 90, "h": 90})
    chosen = (request.POST or request.GET).getlist("pages")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            error = _cut(request, found, form)
            if error is None:
                return redirect("work_samples:arrange", found.pk)
            form.add_error(None, error[0])
            status = error[1]
    near = [(row, sheet) for row in desk.rows for sheet in row.sheets]
    first = next((one for one in near if str(one[1].page.pk) in chosen), near[0])
    context = {"assignment": found, "desk": desk, "form": form, "chosen": chosen, "first": first}
    return render(request, "work_samples/cut.html", context, status=status)


def _cut(request: PersonRequest, found: Assignment, form: StripForm) -> tuple[str, int] | None:
    """Cut the chosen pages; else why not, and with which status."""
    act = Action(request, found)
    try:
        piece = shapes.piece_of(list(form.strip()))
        act.reshape("Cut pages", lambda look: look.cropped(piece))
    except REFUSED as refused:
        return refused.sentence, 422
    except NOT_NOW as refused:
        return refused.sentence, 409
    messages.success(request, "Cut. What was cut off can come back until the sample is confirmed; then it is gone.")
    return None


@login_required
@require_safe
def thumbnail(request: PersonRequest, page: UUID) -> HttpResponseBase:
    """A page's thumbnail for who arranges it, also of one that is set aside."""
    mine = Page.everything.filter(pk=page, sample__in=arranging.arrangeable(request.user)).first()
    if mine is None:
        raise Http404
    answer = serve_file(request, mine.thumbnail.name or "", content_type=WEBP)
    answer["Cache-Control"] = NOT_KEPT
    return answer


@require_POST
@login_required
def group(request: PersonRequest, sample: UUID) -> HttpResponseBase:
    """File a sample of mine under a group of the district's list, at any time."""
    found = sample_or_404(request, sample)
    page = reverse("work_samples:sample", args=[found.pk])
    if not access.may_rename(request.user, found):
        return problem(request, "Only the person who brought a sample files it under a group.", status=403)
    try:
        groups.file_under(sample=found, group=str(posted(request).get("group", "")))
    except groups.NoSuchGroup as refused:
        return problem(request, refused.sentence, status=400, to=page)
    return saved(request, to=page)
