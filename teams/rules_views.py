"""A district's rules for student work, for its administrators."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from esw.core import clock
from esw.core.school_years import school_year, year_words
from teams import access
from teams.domain.rules import set_rules
from teams.models import District
from teams.requests import person
from teams.rules_form import RulesForm

CHANGES_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def rules(request: HttpRequest, district: UUID) -> HttpResponse:
    """The rules and what they mean: 404 for strangers, 403 for who works in the district and does not administer it."""
    row = get_object_or_404(District.objects.filter(access.districts_of(person(request))).distinct(), pk=district)
    if not access.may_set_rules(person(request), row):
        raise PermissionDenied("The district’s administrators set its rules for student work.")
    form = RulesForm(request.POST) if request.method == "POST" else RulesForm.of(row)
    if request.method == "POST" and form.is_valid():
        changed = set_rules(district=row, by=person(request), rules=form.cleaned_data, now=clock.now())
        messages.success(request, f"Saved: {', '.join(changed)}." if changed else "Nothing was changed.")
        return redirect("teams:district_rules", row.pk)
    this_year = school_year(timezone.localdate(clock.now()))
    context = {
        "district": row,
        "form": form,
        "changes": row.rule_changes.select_related("by")[:CHANGES_SHOWN],
        "this_year": year_words(this_year),
        "goes": f"{this_year + 1 + row.retention_years}" if row.retention_years else "",
    }
    return render(request, "teams/rules.html", context, status=422 if form.errors else 200)
