"""What a person fills in here."""

import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Layout, Row
from django import forms
from django.db.models import QuerySet

from teams.models import Team
from work_samples.models import LABEL_LENGTH, Assessment, Assignment, Selection

MAX_STANDARDS = 50
STANDARD_LENGTH = 60


class StandardsField(forms.CharField):
    """Codes with commas or new lines between them ↔ a list, each once, in the order in which they were written."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        codes = [" ".join(code.split()) for code in re.split(r"[,;\n]", super().to_python(value) or "")]
        return list(dict.fromkeys(code for code in codes if code))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > MAX_STANDARDS:
            raise forms.ValidationError(f"Name at most {MAX_STANDARDS} standards; these are {len(value)}.")
        for code in value:
            if len(code) > STANDARD_LENGTH:
                raise forms.ValidationError(
                    f"“{code[:20]}…” is too long for a code. Put a comma or a new line between codes."
                )


class AssignmentForm(forms.ModelForm):
    """`teams` are the person's own; with one team, or when editing, there is nothing to choose."""

    standards = StandardsField(
        label="Standards",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "CCSS.ELA-LITERACY.W.7.1, W.7.1.B"}),
        help_text="Codes with commas or new lines between them.",
    )

    class Meta:
        model = Assignment
        fields = [
            "team",
            "title",
            "prompt",
            "grade",
            "subject",
            "intended_learning",
            "standards",
            "assessment",
            "selection",
        ]
        widgets = {
            "prompt": forms.Textarea(attrs={"rows": 5}),
            "intended_learning": forms.Textarea(attrs={"rows": 2}),
            "selection": forms.RadioSelect,
            "grade": forms.TextInput(attrs={"placeholder": "7"}),
            "subject": forms.TextInput(attrs={"placeholder": "English language arts"}),
        }
        labels = {
            "prompt": "The task, as the students got it",
            "intended_learning": "What it is meant to show",
            "assessment": "What kind of assessment is it?",
            "selection": "How will you choose the samples?",
        }
        help_texts = {
            "intended_learning": "What students who did well have learned, in a sentence. It stands beside the task.",
            "selection": (
                "Work picked by hand is good for learning together, but says nothing about the class. "
                "A rate of proficiency is shown only for all of the class or a random draw."
            ),
        }

    def __init__(self, *args: Any, teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = self.fields["team"]
        team.queryset = teams  # type: ignore[attr-defined]
        team.empty_label = None  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            *(["team"] if not self.instance.team_id else []),
            "title",
            "prompt",
            Row(Column("grade", css_class="col-sm-4"), Column("subject", css_class="col-sm-8")),
            "intended_learning",
            "standards",
            HTML("{% include 'work_samples/_standards_picker.html' %}"),
            "assessment",
            "selection",
        )
        self.fields["assessment"].choices = [  # type: ignore[attr-defined]
            ("", "Not said"),
            *((value, words[0].upper() + words[1:]) for value, words in Assessment.choices),
        ]
        self.fields["selection"].choices = [  # type: ignore[attr-defined]
            (Selection.ALL, "All of the class"),
            (Selection.RANDOM, "Drawn at random"),
            (Selection.PICKED, "Picked by hand"),
        ]
        if self.instance.team_id:
            del self.fields["team"]
        elif len(teams) == 1:
            team.widget = forms.HiddenInput()
            self.initial["team"] = teams[0].pk


class LabelForm(forms.Form):
    label = forms.CharField(
        max_length=LABEL_LENGTH,
        help_text="A letter or a number, never a student’s name.",
    )


class TextField(forms.CharField):
    """A longer text as it was typed, spaces at its ends and all; what no database keeps is left out."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python((value or "").replace("\0", "")) or "")


class TypedTextForm(forms.Form):
    """A student's words, typed or pasted. How long they may be is said by the domain, so that nothing is cut off."""

    text = TextField(
        label="The student’s words",
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto", "spellcheck": "false", "autocomplete": "off"}),
        help_text="Any language. It becomes a page with numbered lines, on which you cover names as on a photo.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class PageTextForm(forms.Form):
    """What stands on a page, in words; `seen` is what stood there when the writer began."""

    text = TextField(
        label="Text of this page",
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "dir": "auto", "spellcheck": "false", "autocomplete": "off"}),
        help_text=(
            "What the student wrote, as they wrote it, and what is drawn, in your words. "
            "Everyone who may see the page may read it. No names."
        ),
    )
    seen = TextField(strip=False, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


def _percent(label: str) -> forms.FloatField:
    return forms.FloatField(label=label, min_value=0, max_value=100, widget=forms.NumberInput(attrs={"step": "any"}))


class StripForm(forms.Form):
    """A strip in hundredths of the page."""

    x = _percent("From the left")
    y = _percent("From the top")
    w = _percent("Width")
    h = _percent("Height")

    def strip(self) -> tuple[float, float, float, float]:
        """The strip in shares of the page (0 to 1); only when the form is valid."""
        x, y, w, h = (self.cleaned_data[side] / 100 for side in ("x", "y", "w", "h"))
        return x, y, w, h
