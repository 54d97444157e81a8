"""The pages that gather from every room, and the two that speak about ESW itself."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from esw.core import clock
from esw.core.responses import problem
from esw.core.responses import saved as saved_answer
from esw.core.words import greeting
from home import queries, visits
from home import saved as keeping
from home.forms import StyleForm
from home.library import Asked, choices, find, uses_of
from teams.queries import teams_of
from teams.requests import person
from work_samples.models import Sample, SavedFilter
from work_samples.views.archive import JUST_ARCHIVED
from work_samples.views.filing import JUST_FILED
from work_samples.withdrawal_queries import waiting_for

ALL_USES = 100
ICONS = (
    *("down", "right", "left", "plus", "minus", "check", "close", "clock", "person", "people", "page", "upload"),
    *("download", "hide", "look", "search", "edit", "flag", "print", "calendar", "problem", "table"),
)


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    user = person(request)
    now = clock.now()
    since = visits.since(user, request.session, now=now)
    gathered = queries.home_of(user, now=now, since=since)
    context = {
        "greeting": greeting(timezone.localtime(now)),
        "gathered": gathered,
        "since": since,
        "withdrawn": waiting_for(user),
    }
    page = render(request, "home/home.html", context)
    visits.looked(user, request.session, since=since, now=now)
    return page


@require_safe
@login_required
def library(request: HttpRequest) -> HttpResponse:
    """What my teams have brought, found by the address: words, filters, contact sheet or list."""
    user, now = person(request), clock.now()
    teams = list(teams_of(user).select_related("school__district"))
    asked = Asked.read(request.GET)
    chosen = next((team for team in teams if team.pk == asked.team), None)
    if chosen is None:
        asked = replace(asked, team=None)
    found = find(user, asked, teams=teams, page=request.GET.get("page"), now=now)
    context = {
        "asked": asked,
        "found": found,
        "page": found.page,
        "query": f"{asked.address}&" if asked.address else "",
        "as_sheet": replace(asked, view="sheet", archived="").address,
        "as_list": replace(asked, view="list", archived="").address,
        "undo": request.session.pop(JUST_ARCHIVED, []),
        "undo_filing": any(request.session.get(JUST_FILED, {}).values()),
        "choices": choices(user, asked, teams=teams, today=timezone.localdate(now)) if teams else None,
        "saved": keeping.filters_of(user),
        "teams": teams,
        "chosen": chosen,
        "show_team": len(teams) > 1 and chosen is None,
    }
    return render(request, "home/library.html", context)


@require_POST
@login_required
def save_filter(request: HttpRequest) -> HttpResponseBase:
    """Keep `address`, a query of the library's, under `name`."""
    name, address = request.POST.get("name", ""), request.POST.get("address", "")
    try:
        kept = keeping.save_filter(by=person(request), name=name, address=address, now=clock.now())
    except keeping.NotSaved as refused:
        return problem(request, refused.sentence, status=400, to=reverse("home:library"))
    return saved_answer(request, to=f"{reverse('home:library')}?{kept.address}")


@require_POST
@login_required
def change_filter(request: HttpRequest, saved: UUID) -> HttpResponseBase:
    """Its `name`, and the `team` that it is shared with ('' for nobody)."""
    name, team = request.POST.get("name", ""), request.POST.get("team", "")
    try:
        with_team = UUID(team) if team else None
        keeping.change_filter(by=person(request), saved=saved, name=name, team=with_team)
    except SavedFilter.DoesNotExist as unknown:
        raise Http404 from unknown
    except ValueError:
        return problem(request, keeping.NO_TEAM, status=400, to=reverse("home:library"))
    except keeping.NotSaved as refused:
        return problem(request, refused.sentence, status=400, to=reverse("home:library"))
    return saved_answer(request, to=reverse("home:library"))


@require_POST
@login_required
def remove_filter(request: HttpRequest, saved: UUID) -> HttpResponseBase:
    if not keeping.remove_filter(by=person(request), saved=saved):
        raise Http404
    return saved_answer(request, to=reverse("home:library"))


@require_safe
@login_required
def used(request: HttpRequest, sample: UUID) -> HttpResponse:
    """Where a sample was used: a fragment of its page."""
    user = person(request)
    found = get_object_or_404(Sample.objects.visible_to(user).confirmed(), pk=sample)
    uses = uses_of([found.pk], user=user, now=clock.now(), most=ALL_USES)[found.pk]
    return render(request, "home/_used.html", {"uses": uses, "group": found.group})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "home/about.html")


@require_safe
@login_required
def style(request: HttpRequest) -> HttpResponse:
    """Every part of the look on one page, with made-up content."""
    return render(request, "home/style.html", _style_content())


def _style_content() -> dict[str, object]:
    names = ["beginning", "nearing", "proficient", "beyond", "far beyond", "and", "so", "on"]
    levels = [SimpleNamespace(value=value, name=name) for value, name in enumerate(names, start=1)]
    rows = [("Norms and roles", 5, ""), ("Task and rubric", 10, ""), *(("Score alone", 22, s) for s in "ABC")]
    steps = [
        {"title": title, "minutes": minutes, "sample": sample, "block_label": sample and f"Sample {sample}"}
        for title, minutes, sample in [*rows, ("Next steps", 5, ""), ("Debrief", 5, "")]
    ]
    today = timezone.localdate()
    owner = SimpleNamespace(name="Maya Ellis")
    step = SimpleNamespace(
        text="Ask each pair to say what a quotation proves before they write on.",
        students="group ‘quotes, does not explain’",
        due=today + timedelta(days=3),
        state="planned",
        owner=owner,
    )
    bound = StyleForm({"title": "", "prompt": "Should our school have a longer lunch?", "selection": "all"})
    return {
        "levels": levels,
        "four": levels[:4],
        "steps": steps,
        "step": step,
        "thumbs": [queries.Thumb(label, None) for label in "ABCD"],
        "form": StyleForm(),
        "bound": bound,
        "icons": ICONS,
    }
