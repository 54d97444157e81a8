"""What is posted into a session, checked and put in order; each field's error is a sentence for a person."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Model

from esw.core.responses import Unreadable, flag
from sessions_app.models import Consensus, NextStep, NextStepState, Note, NoteKind, Score

NO_RECORDING = "That recording is not part of this session."
NO_MOMENT = "A moment lies within the recording: seconds from its start."
UNREADABLE = {
    "client_id": "This post carries no number of its own, so it was not filed. Reload the page and try again."
}


def flat(data: Mapping[str, Any], form_class: type[forms.Form]) -> dict[str, str]:
    """What a form knows of what was posted, as text. Raises `Unreadable` for lists and objects."""
    values = {name: data[name] for name in form_class.base_fields if data.get(name) is not None}
    if any(not isinstance(value, str | int | float) for value in values.values()):
        raise Unreadable("Each thing that is posted is one value, not a list of them. Nothing was saved.")
    return {name: str(value) for name, value in values.items()}


def longest(model: type[Model], field: str) -> int | None:
    """How many characters the model's field holds."""
    return model._meta.get_field(field).max_length  # type: ignore[union-attr]  # noqa: SLF001


def first_error(form: forms.Form) -> str:
    """The first thing that is wrong, in one sentence."""
    return str(next(iter(form.errors.values()))[0])


class PostForm(forms.Form):
    """What every post that must arrive exactly once carries.

    `client_id`: made by the browser, the same one twice counts once. `step`: the number of the step it was
    written in. `seq`: grows with each post of a person; of two scores for one criterion the higher wins.
    """

    client_id = forms.UUIDField(
        error_messages={"required": UNREADABLE["client_id"], "invalid": UNREADABLE["client_id"]},
    )
    step = forms.CharField(
        required=False, max_length=20, error_messages={"max_length": "A step is a number, counted from 1."}
    )
    seq = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2**62,
        error_messages={
            "invalid": "The order of this post could not be read.",
            "min_value": "The order of posts is counted from 0.",
            "max_value": "That order is too high.",
        },
    )


class PlacedForm(PostForm):
    """A post that may point to a place: all of page, x and y, or none."""

    page = forms.UUIDField(required=False, error_messages={"invalid": "That page is not part of this session."})
    x = forms.FloatField(required=False, min_value=0, max_value=1)
    y = forms.FloatField(required=False, min_value=0, max_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("x", "y"):
            for code in ("invalid", "min_value", "max_value"):
                self.fields[name].error_messages[code] = "A place lies on the page: x and y from 0 to 1."
            for validator in self.fields[name].validators:
                validator.message = "A place lies on the page: x and y from 0 to 1."  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        given = [cleaned.get(name) is not None for name in ("page", "x", "y")]
        if any(given) and not all(given) and not self.errors:
            raise forms.ValidationError("A place needs a page and both x and y.")
        return cleaned


class ScoreForm(PlacedForm):
    sample = forms.UUIDField(
        error_messages={
            "required": "Say which sample this score is for.",
            "invalid": "That sample is not part of this session.",
        }
    )
    criterion = forms.UUIDField(
        error_messages={
            "required": "Say which criterion this score is for.",
            "invalid": "That criterion is not part of this session's rubric.",
        }
    )
    level = forms.IntegerField(
        error_messages={"required": "Choose a level.", "invalid": "A level is a whole number of the rubric."}
    )
    rationale = forms.CharField(
        required=False,
        max_length=longest(Score, "rationale"),
        error_messages={"max_length": "A reason holds %(limit_value)s characters; this one has %(show_value)s."},
    )


class NoteForm(PlacedForm):
    kind = forms.ChoiceField(
        choices=NoteKind,
        error_messages={
            "required": "Say what kind of note this is.",
            "invalid_choice": "That is not a kind of note.",
        },
    )
    text = forms.CharField(
        max_length=longest(Note, "text"),
        error_messages={
            "required": "There is nothing written yet.",
            "max_length": "A note holds %(limit_value)s characters; this one has %(show_value)s. Split it in two.",
        },
    )
    sample = forms.UUIDField(required=False, error_messages={"invalid": "That sample is not part of this session."})
    recording = forms.UUIDField(required=False, error_messages={"invalid": NO_RECORDING})
    at_seconds = forms.FloatField(
        required=False,
        min_value=0,
        error_messages={"invalid": NO_MOMENT, "min_value": NO_MOMENT},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        given = [cleaned.get(name) is not None for name in ("recording", "at_seconds")]
        if any(given) and not all(given) and not self.errors:
            raise forms.ValidationError("A moment needs a recording and the seconds from its start.")
        return cleaned


class ConsensusForm(PostForm):
    """A level, or none for 'not agreed', with the reasons of both."""

    sample = ScoreForm.base_fields["sample"]
    criterion = ScoreForm.base_fields["criterion"]
    level = forms.IntegerField(required=False, error_messages={"invalid": "A level is a whole number of the rubric."})
    rationale = forms.CharField(
        required=False,
        max_length=longest(Consensus, "rationale"),
        error_messages={"max_length": "A reason holds %(limit_value)s characters; this one has %(show_value)s."},
    )
    other_rationale = forms.CharField(
        required=False,
        max_length=longest(Consensus, "other_rationale"),
        error_messages={"max_length": "A reason holds %(limit_value)s characters; this one has %(show_value)s."},
    )


class NextStepForm(PostForm):
    text = forms.CharField(
        max_length=longest(NextStep, "text"),
        error_messages={
            "required": "Say what you will do.",
            "max_length": "A next step holds %(limit_value)s characters; this one has %(show_value)s.",
        },
    )
    students = forms.CharField(
        required=False,
        max_length=longest(NextStep, "students"),
        error_messages={"max_length": "Say it shorter: %(limit_value)s characters at most."},
    )
    owner = forms.UUIDField(
        error_messages={"required": "Say who will do it.", "invalid": "That person is not in this session."}
    )
    due = forms.DateField(
        required=False, error_messages={"invalid": "Write the date as year-month-day, or leave it open."}
    )


class NextStepUpdateForm(forms.Form):
    state = forms.ChoiceField(choices=NextStepState, error_messages={"invalid_choice": "That is not a state."})
    outcome = forms.CharField(
        required=False,
        max_length=longest(NextStep, "outcome"),
        widget=forms.Textarea(attrs={"rows": 2}),
        label="What came of it",
    )
    due = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))


class ClaimForm(forms.Form):
    sample = ScoreForm.base_fields["sample"]
    criterion = ScoreForm.base_fields["criterion"]
    claimed = forms.CharField(required=False, max_length=10)

    def clean_claimed(self) -> bool:
        try:
            return flag({"claimed": self.cleaned_data["claimed"] or "true"}, "claimed")
        except Unreadable as unclear:
            raise forms.ValidationError(str(unclear)) from unclear


class FocusForm(forms.Form):
    focus_question = forms.CharField(
        max_length=300,
        error_messages={
            "required": "A session needs a focus question.",
            "max_length": "A focus question holds %(limit_value)s characters; this one has %(show_value)s.",
        },
    )
    norm_to_watch = forms.CharField(required=False, max_length=200)
