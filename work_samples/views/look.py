"""Looking closely at the samples of an assignment, side by side."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from work_samples.queries_look import look_pages, samples_to_look_at
from work_samples.views.fetch import assignment_or_404


@login_required
@require_safe
def beside(request: HttpRequest, assignment: UUID) -> HttpResponse:
    """All that the team has confirmed; `?sample=` names the one to begin with."""
    found = assignment_or_404(request, assignment)
    pages = look_pages(samples_to_look_at(found))
    wanted = request.GET.get("sample", "")
    begin = next((each for each in pages if str(each.page.sample_id) == wanted), pages[0] if pages else None)
    context = {"assignment": found, "looked_at": pages, "begin": begin}
    return render(request, "work_samples/look.html", context)
