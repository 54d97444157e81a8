"""Standards: what a district has, a branch at a time, searched, brought and taken along as a table."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from esw.core import clock
from teams.requests import PersonRequest
from work_samples import standards_queries as queries
from work_samples.domain.standards import Imported, import_framework
from work_samples.models import Framework, Statement
from work_samples.standards import table
from work_samples.standards_forms import ImportForm

LONGEST_SEARCH = 200
FARTHEST = 100_000  # no branch has a statement behind this one


def _framework_or_404(request: PersonRequest, key: UUID) -> Framework:
    found: Framework = get_object_or_404(queries.frameworks(request.user), pk=key)
    return found


@login_required
@require_safe
def overview(request: PersonRequest) -> HttpResponse:
    context = {
        "frameworks": queries.with_counts(queries.frameworks(request.user)),
        "may_import": queries.may_import(request.user).exists(),
    }
    return render(request, "work_samples/standards.html", context)


@login_required
@require_safe
def framework(request: PersonRequest, framework: UUID) -> HttpResponse:
    """A branch: the fragment alone for who opens it in a tree, else a page that begins there."""
    found = _framework_or_404(request, framework)
    below = _below(request, found)
    branch = queries.branch(found, below=below.pk if below else None, start=_start(request))
    context: dict[str, object] = {
        "framework": found,
        "below": below,
        "branch": branch,
        "pick": request.GET.get("pick") == "1",
    }
    if getattr(request, "htmx", False):
        return render(request, "work_samples/_standards_branch.html", context)
    context["may_import"] = queries.may_import(request.user).filter(pk=found.district_id).exists()
    context["above"] = queries.way_up(below) if below else ()
    return render(request, "work_samples/standards_framework.html", context)


def _below(request: PersonRequest, found: Framework) -> Statement | None:
    given = request.GET.get("below", "")
    if not given:
        return None
    try:
        key = UUID(given)
    except ValueError:
        key = UUID(int=0)
    return get_object_or_404(found.statements, pk=key)


def _start(request: PersonRequest) -> int:
    given = request.GET.get("start", "")
    return min(int(given), FARTHEST) if given.isascii() and given.isdigit() else 0


@login_required
@require_safe
def find(request: PersonRequest) -> HttpResponse:
    """What the words find, as a fragment for the form of an assignment; as a page without it."""
    typed = request.GET.get("q", "").replace("\0", "")[:LONGEST_SEARCH]
    context = {"hits": queries.find(request.user, typed), "typed": typed, "pick": request.GET.get("pick") == "1"}
    if getattr(request, "htmx", False):
        return render(request, "work_samples/_standards_found.html", context)
    return render(request, "work_samples/standards_found.html", context)


@login_required
@require_safe
def as_table(request: PersonRequest, framework: UUID) -> HttpResponseBase:
    """The framework as CSV, which an import takes back as it is."""
    found = _framework_or_404(request, framework)
    lines = "".join(table.written(queries.as_read(found)))
    answer = HttpResponse("\ufeff" + lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, f"{found.title}.csv") or "attachment"
    return answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: PersonRequest) -> HttpResponse:
    """Import a framework: for who administers a district."""
    districts = queries.may_import(request.user)
    if not districts:
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None, districts=districts)
    if request.method == "POST" and form.is_valid() and (read := form.read()) is not None:
        done = import_framework(district=form.cleaned_data["district"], read=read, by=request.user, now=clock.now())
        if done.repairs:
            return render(request, "work_samples/standards_imported.html", {"done": done})
        messages.success(request, summary(done))
        return redirect("work_samples:framework", done.framework.pk)
    context = {"form": form, "bad_rows": form.bad_rows}
    return render(request, "work_samples/standards_import.html", context, status=422 if form.is_bound else 200)


def summary(done: Imported) -> str:
    """What an import did, in a sentence."""
    parts = [
        f"{count:,} {word}"
        for count, word in (
            (done.added, "added"),
            (done.changed, "changed"),
            (done.retired, "retired"),
            (done.same, "as before"),
        )
        if count
    ]
    return f"“{done.framework.title}” is here: statements {', '.join(parts)}."
