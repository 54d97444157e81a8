"""The filters of the school's page; they stand in the address, so that a view can be kept and sent."""

from typing import Any

from django import forms

from insights.queries.school import Chosen, grades_and_subjects
from teams.models import School


class SchoolFilter(forms.Form):
    """`from` and `to` (both included), `grade`, `subject`. What cannot be understood is said, and filters nothing."""

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grades, subjects = grades_and_subjects(school)
        self.fields["from"] = _day("From")
        self.fields["to"] = _day("To")
        self.fields["grade"] = _choice("Grade", "All grades", grades)
        self.fields["subject"] = _choice("Subject", "All subjects", subjects)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("from"), cleaned.get("to")
        if since and until and since > until:
            self.add_error("to", "‘To’ lies before ‘from’.")
        return cleaned

    def chosen(self) -> Chosen:
        """The filter as the queries take it; a field that is wrong filters nothing."""
        if not self.is_bound:
            return Chosen()
        self.is_valid()
        good = self.cleaned_data
        return Chosen(
            since=good.get("from"),
            until=good.get("to"),
            grade=good.get("grade") or "",
            subject=good.get("subject") or "",
        )


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


def _choice(label: str, every: str, values: list[str]) -> forms.ChoiceField:
    choices = [("", every), *((value, value) for value in values)]
    wrong = {"invalid_choice": "There is no such choice here."}
    return forms.ChoiceField(label=label, required=False, choices=choices, error_messages=wrong)
