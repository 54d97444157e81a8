"""The form of the plan's page, and what it makes of what was typed: a draft for the domain."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils import timezone

from rubrics.models import Rubric, Version
from sessions_app.domain.catalogue import newest
from sessions_app.domain.planning import Draft
from sessions_app.models import Purpose, Role, Session
from sessions_app.queries.plan import (
    DEFAULT_MINUTES,
    MOST_MINUTES,
    Offer,
    PlanPreview,
    offers,
    preview,
    read_typed,
    scores,
)
from teams.models import Team, User
from work_samples.models import Assignment, Recording, Sample

NO_RUBRIC = "Scoring needs a rubric. Write one first; it takes ten minutes."
LOCAL = "%Y-%m-%dT%H:%M"
FIRST_YEAR, LAST_YEAR = 2000, 2100
ROLES = ("presenter", "timekeeper", "recorder")


@dataclass(frozen=True, slots=True)
class SampleChoice:
    pk: UUID
    label: str
    assignment: Assignment
    page: UUID | None
    pages: int
    chosen: bool
    recording: Recording | None = None


class PlanForm(forms.Form):
    """Everything on one page. A session given as `session` is planned anew."""

    purpose = forms.ChoiceField(choices=Purpose, label="Why do we meet?")
    focus_question = forms.CharField(
        max_length=300,
        label="Focus question",
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
        help_text="What do you want to find out together? The presenter sees it first and may change it.",
        error_messages={"required": "A session needs a focus question: what do you want to find out together?"},
    )
    protocol = forms.ChoiceField(label="Protocol", choices=())
    assignment = forms.ModelChoiceField(queryset=Assignment.objects.none(), label="Assignment", empty_label=None)
    samples = forms.ModelMultipleChoiceField(
        queryset=Sample.objects.none(),
        label="Samples",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one sample to look at.",
            "invalid_choice": "One of these samples is not there, or its names have not been checked yet.",
        },
    )
    rubric = forms.ModelChoiceField(
        queryset=Rubric.objects.none(),
        label="Rubric",
        empty_label=None,
        required=False,  # by the protocol: `clean`
    )
    facilitator = forms.ModelChoiceField(queryset=User.objects.none(), label="Facilitator", empty_label=None)
    presenter = forms.ModelChoiceField(queryset=User.objects.none(), label="Presenter", required=False)
    timekeeper = forms.ModelChoiceField(queryset=User.objects.none(), label="Timekeeper", required=False)
    recorder = forms.ModelChoiceField(queryset=User.objects.none(), label="Recorder", required=False)
    people = forms.ModelMultipleChoiceField(
        queryset=User.objects.none(),
        label="Who takes part?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose who takes part."},
    )
    starts_at = forms.DateTimeField(
        label="When",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
        input_formats=[LOCAL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"required": "Say when you meet.", "invalid": "Write the day and time, as in 2026-11-24 15:00."},
    )
    minutes_at_hand = forms.IntegerField(
        label="Minutes at hand",
        min_value=10,
        max_value=MOST_MINUTES,
        initial=DEFAULT_MINUTES,
        error_messages={
            "invalid": "Say how many minutes you have.",
            "min_value": "A meeting needs at least 10 minutes.",
        },
    )
    norm_to_watch = forms.ChoiceField(label="The norm we watch", required=False, choices=())
    names_at_reveal = forms.BooleanField(
        label="Show names at the reveal",
        required=False,
        help_text="Off: a dot has no name until its owner says 'this is mine'.",
    )

    def __init__(
        self, *args: Any, team: Team, user: User, session: Session | None = None, assignment: str = "", **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", _initial(user, session, assignment))
        super().__init__(*args, **kwargs)
        self.team, self.session = team, session
        members = User.objects.filter(memberships__team=team).order_by("name")
        self._choose("assignment", Assignment.objects.filter(team=team))
        confirmed = Sample.objects.confirmed().filter(assignment__team=team).distinct()
        confirmed = confirmed.filter(Q(pages__isnull=False) | Q(recording__isnull=False))
        # What this plan has on its table already stays there, archived since or not.
        confirmed = confirmed.filter(
            Q(archived_at=None) | Q(on_tables__session=session) if session else Q(archived_at=None)
        )
        self._choose("samples", confirmed.order_by("assignment", "created_at", "label"))
        self._choose("rubric", Rubric.objects.filter(team=team))
        for name in ("facilitator", *ROLES, "people"):
            self._choose(name, members)
        for name in ROLES:
            self.fields[name].empty_label = "nobody"  # type: ignore[attr-defined]
        self.fields["protocol"].choices = [(offer.slug, offer.title) for offer in self.offers()]  # type: ignore[attr-defined]
        norms = session.norms if session else team.norms
        self.fields["norm_to_watch"].choices = [("", "none chosen yet"), *((norm, norm) for norm in norms)]  # type: ignore[attr-defined]
        if not self.is_bound and session is None:
            self.initial.setdefault("people", [member.pk for member in members])

    def _choose(self, name: str, queryset: Any) -> None:
        self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def clean_starts_at(self) -> datetime:
        # At the ends of the calendar a day falls off it in some other time zone.
        starts_at: datetime = self.cleaned_data["starts_at"]
        if not FIRST_YEAR <= starts_at.year <= LAST_YEAR:
            raise forms.ValidationError(f"Choose a day between {FIRST_YEAR} and {LAST_YEAR}.")
        return starts_at

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        taken: dict[User, str] = {}
        for role in ROLES:
            person = cleaned.get(role)
            if person is None:
                continue
            if person in taken:
                self.add_error(role, f"{person} is the {taken[person]} already; one part each.")
            taken.setdefault(person, role)
        self._settle_scoring(cleaned)
        assignment = cleaned.get("assignment")
        strays = [row for row in cleaned.get("samples", ()) if assignment and row.assignment_id != assignment.pk]
        if strays:
            self.add_error("samples", f"Sample {strays[0].label} belongs to another assignment; take it off the table.")
        return cleaned

    def _settle_scoring(self, cleaned: dict[str, Any]) -> None:
        """A protocol that scores needs a rubric; what belongs to scores is nothing to the others."""
        if "protocol" not in cleaned:
            return
        if scores(cleaned["protocol"]):
            if not cleaned.get("rubric") and "rubric" not in self.errors:
                self.add_error("rubric", NO_RUBRIC)
            return
        self.errors.pop("rubric", None)
        cleaned |= {"rubric": None, "names_at_reveal": False}

    def draft(self) -> Draft:
        """What the domain plans; only for a valid form."""
        data = self.cleaned_data
        roles = {role: data[role] for role in ROLES if data[role]}
        rubric: Version | None = self._version(data["rubric"]) if data["rubric"] else None
        return Draft(
            purpose=data["purpose"],
            focus_question=data["focus_question"],
            assignment=data["assignment"],
            protocol=newest(data["protocol"]),
            samples=list(data["samples"]),
            rubric=rubric,
            people=list(data["people"]),
            roles=roles | {"facilitator": data["facilitator"]},
            starts_at=data["starts_at"],
            minutes_at_hand=data["minutes_at_hand"],
            norm_to_watch=data["norm_to_watch"],
            names_at_reveal=data["names_at_reveal"],
            minutes=self.typed_minutes(),
        )

    def _version(self, rubric: Rubric) -> Version:
        """The newest version; a session that is planned anew with the same rubric keeps the version it has."""
        kept = self.session.rubric_version if self.session else None
        if kept is not None and kept.rubric_id == rubric.pk:
            return kept
        return rubric.versions.order_by("-number").first()  # type: ignore[return-value]

    def offers(self) -> tuple[Offer, ...]:
        """The protocols, those that suit the purpose first."""
        return offers(str(self["purpose"].value() or ""))

    def sample_choices(self) -> list["SampleChoice"]:
        """The samples that can be chosen, by assignment, with the page that shows each best."""
        chosen = {str(value) for value in self["samples"].value() or []}
        rows = self.fields["samples"].queryset.select_related("assignment", "recording").prefetch_related("pages")  # type: ignore[attr-defined]
        return [
            SampleChoice(
                pk=row.pk,
                label=row.label,
                assignment=row.assignment,
                page=next((page.pk for page in row.pages.all()), None),
                pages=len(row.pages.all()),
                chosen=str(row.pk) in chosen,
                recording=getattr(row, "recording", None),
            )
            for row in rows
        ]

    def typed_minutes(self) -> dict[str, float]:
        """The minutes of the steps as they stand in the form.

        Without JavaScript they may have been worked out for other samples or another time: then they are not
        what anybody typed, and the steps are worked out anew.
        """
        shown_for = self.data.get("shown_for")
        if shown_for and shown_for != self._preview(minutes=None).shown_for:
            return {}
        return read_typed(self.data)

    def preview(self) -> PlanPreview:
        """The steps as they stand in the form now."""
        if self.is_bound:
            return self._preview(minutes=self.typed_minutes())
        if self.session is not None:
            minutes = {step["key"]: step["minutes"] for step in self.session.state["steps"]}
            return preview(
                slug=self.session.protocol_version.protocol.slug,
                samples=self.session.state["samples"],
                minutes_at_hand=self.session.minutes_at_hand,
                minutes=minutes,
            )
        return preview(slug="", samples=[], minutes_at_hand=DEFAULT_MINUTES)

    def _preview(self, *, minutes: dict[str, float] | None) -> PlanPreview:
        return preview(
            slug=self.data.get("protocol", ""),
            samples=self.data.getlist("samples"),  # type: ignore[attr-defined]
            minutes_at_hand=self.data.get("minutes_at_hand"),
            minutes=minutes,
        )


def _initial(user: User, session: Session | None, assignment: str = "") -> dict[str, Any]:
    if session is None:
        start = timezone.localtime() + timedelta(days=1)
        return {
            "purpose": Purpose.CALIBRATE,
            "assignment": assignment,
            "facilitator": user.pk,
            "starts_at": start.replace(hour=15, minute=0, second=0, microsecond=0),
        }
    seats = list(session.participants.all())
    return {
        "purpose": session.purpose,
        "focus_question": session.focus_question,
        "protocol": session.protocol_version.protocol.slug,
        "assignment": session.assignment_id,
        "samples": [entry.sample_id for entry in session.on_table.all()],
        "rubric": session.rubric_version.rubric_id if session.rubric_version else None,
        "people": [seat.user_id for seat in seats],
        "starts_at": timezone.localtime(session.starts_at),
        "minutes_at_hand": session.minutes_at_hand,
        "norm_to_watch": session.norm_to_watch,
        "names_at_reveal": session.names_at_reveal,
        "facilitator": next((s.user_id for s in seats if str(s.pk) == session.state["facilitator"]), None),
    } | {seat.role: seat.user_id for seat in seats if seat.role in ROLES and seat.role in Role.values}
