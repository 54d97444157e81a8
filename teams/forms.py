"""Forms about people and teams: kind words, no rules."""

from typing import Any
from zoneinfo import available_timezones

from django import forms

from teams.models import Team, User

NORM_LENGTH = 200
NORMS = 12
MOST_ALONE = 1


class TeamForm(forms.Form):
    """A team's name and its norms, one a line."""

    name = forms.CharField(label="Team name", max_length=120, error_messages={"required": "A team needs a name."})
    norms = forms.CharField(
        label="Our norms",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="One sentence a line. Each session shows them at its start and picks one to watch.",
    )
    two_person_check = forms.BooleanField(
        label="Two people check work for names",
        required=False,
        help_text="Another member looks at each sample, too, before the team sees it. Nobody is their own second. "
        "What waits when you turn this off, its owner confirms.",
    )

    @classmethod
    def of(cls, team: Team) -> "TeamForm":
        return cls(
            initial={
                "name": team.name,
                "norms": "\n".join(team.norms),
                "two_person_check": team.two_person_check,
            },
            members=team.memberships.count(),
        )

    def __init__(self, *args: Any, members: int = MOST_ALONE + 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members

    def clean_two_person_check(self) -> bool:
        wanted: bool = self.cleaned_data["two_person_check"]
        if wanted and self.members <= MOST_ALONE:
            raise forms.ValidationError("You are the only one in this team. Add another member first.")
        return wanted

    def clean_norms(self) -> list[str]:
        norms = [line.strip() for line in self.cleaned_data["norms"].splitlines() if line.strip()]
        if len(norms) > NORMS:
            raise forms.ValidationError(f"Please keep to {NORMS} norms: a team can hold no more in mind.")
        if any(len(norm) > NORM_LENGTH for norm in norms):
            raise forms.ValidationError(f"Please keep each norm under {NORM_LENGTH} characters.")
        return norms


class MemberForm(forms.Form):
    """Who joins the team."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages={"required": "Type the e-mail address of the person who joins."},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label="Name",
        max_length=80,
        required=False,
        help_text="What the table calls them. Someone who uses ESW already keeps their own name.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ProfileForm(forms.ModelForm):
    """What the table calls me, and my time zone."""

    time_zone = forms.ChoiceField(
        label="Time zone", required=False, help_text="Dates and times are shown in this zone."
    )

    class Meta:
        model = User
        fields = ["name", "time_zone"]
        labels = {"name": "Your name"}
        help_texts = {"name": "What the table calls you."}
        error_messages = {"name": {"required": "The table needs something to call you."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [("", "The same as this browser")]
        zones += [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone]
        kept = self.instance.time_zone
        if kept and kept not in dict(zones):
            zones.append((kept, kept))
        self.fields["time_zone"] = forms.ChoiceField(
            label="Time zone", required=False, choices=zones, help_text="Dates and times are shown in this zone."
        )
