"""The form in which a district's administrators set its rules for student work."""

from typing import Any

from django import forms

from teams.models import District

GROUPS, GROUP_LENGTH = 12, 40
MOST_YEARS = 30
LEAST_MB, MOST_MB = 100, 1_000_000


class RulesForm(forms.Form):
    """Each rule says in words what it means for teachers."""

    recordings_allowed = forms.BooleanField(
        label="Teams may bring audio and video",
        required=False,
        help_text="A voice or a face tells who it is, whatever is covered. Who brings a recording ticks each time that "
        "consent is on file.",
    )
    recordings_consent = forms.CharField(
        label="Where consent is on file",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Such as: Form 12, kept in each school’s office. Teachers read it before they bring a recording.",
    )
    groups = forms.CharField(
        label="Student groups",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line, such as “learning English”. Teams may file a sample under one of these to look at "
        "equity; it is hidden while they score. Never a name, and no group so small that everybody knows who is meant.",
    )
    reporting_duty = forms.CharField(
        label="Our reporting duty",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What a teacher has to do who worries about a student, in your own words. It is shown at once to who "
        "presses “This worries me”. ESW reports nothing by itself.",
    )
    concern_contact_name = forms.CharField(
        label="Who is told of a worry",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    concern_contact_email = forms.EmailField(
        label="Their e-mail address",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="They hear in which team and assignment, and from whom; never what the work shows. With an account "
        "of this address they can open the page, which nobody else but who raised it can.",
    )
    retention_years = forms.IntegerField(
        label="School years that work is kept",
        required=False,
        min_value=1,
        max_value=MOST_YEARS,
        help_text="After the school year in which it was brought. Then leads are told 30 days ahead, may keep an "
        "assignment for another school year, and else the work is destroyed. Empty: nothing is destroyed by itself.",
        error_messages={
            "min_value": "Keep work for at least one school year, or leave this empty.",
            "max_value": f"At most {MOST_YEARS} school years; leave it empty to keep work for good.",
        },
    )
    team_quota_mb = forms.IntegerField(
        label="Room for each team, in megabytes",
        required=False,
        min_value=LEAST_MB,
        max_value=MOST_MB,
        help_text="A page takes about half a megabyte. A team whose room is used up hears so when it brings more, and "
        "what it has stays. Empty: the room that this ESW gives to every team.",
        error_messages={"min_value": f"Give a team at least {LEAST_MB} megabytes, or leave this empty."},
    )

    @classmethod
    def of(cls, district: District) -> "RulesForm":
        kept = {name: getattr(district, name) for name in cls.base_fields}
        return cls(initial=kept | {"groups": "\n".join(district.groups)})

    def clean_groups(self) -> list[str]:
        lines = (" ".join(line.split()) for line in self.cleaned_data["groups"].splitlines())
        groups = list(dict.fromkeys(line for line in lines if line))
        if len(groups) > GROUPS:
            raise forms.ValidationError(f"Please keep to {GROUPS} groups: smaller ones may tell who is meant.")
        if any(len(group) > GROUP_LENGTH for group in groups):
            raise forms.ValidationError(f"Please keep each group under {GROUP_LENGTH} characters.")
        if len({group.casefold() for group in groups}) != len(groups):
            raise forms.ValidationError("Two of these groups have the same name. Take one out.")
        return groups

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("recordings_allowed") and not cleaned.get("recordings_consent"):
            self.add_error("recordings_consent", "Say where consent is on file before teams may bring recordings.")
        name, email = cleaned.get("concern_contact_name"), cleaned.get("concern_contact_email")
        if name and not email and "concern_contact_email" not in self.errors:
            self.add_error("concern_contact_email", f"Type the e-mail address under which {name} is told.")
        if email and not name:
            self.add_error("concern_contact_name", "Say whose address this is, so that teachers know who is told.")
        return cleaned
