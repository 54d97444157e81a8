"""Who may see and change work: the team whose it is; before confirming, the uploader alone."""

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from teams.models import Team, User
    from work_samples.models import Sample


def assignments_of(user: "User") -> Q:
    return Q(team__memberships__user=user)


def frameworks_of(user: "User") -> Q:
    """The standards of a district are for its teams, its schools' administrators and its own."""
    district = Q(district__schools__teams__memberships__user=user) | Q(district__schools__administrators__user=user)
    return district | Q(district__administrators__user=user)


def samples_of(user: "User") -> Q:
    return Q(assignment__team__memberships__user=user) & (Q(confirmed_at__isnull=False) | Q(uploader=user))


def pages_of(user: "User") -> Q:
    return Q(sample__assignment__team__memberships__user=user) & (
        Q(sample__confirmed_at__isnull=False) | Q(sample__uploader=user)
    )


def second_looks_of(user: "User") -> Q:
    """Covered by another member of one's team; nobody is their own second."""
    return Q(assignment__team__memberships__user=user, covered_at__isnull=False, confirmed_at__isnull=True) & ~Q(
        uploader=user
    )


def second_look_pages_of(user: "User") -> Q:
    """The same, of what belongs to a sample."""
    return Q(
        sample__assignment__team__memberships__user=user,
        sample__covered_at__isnull=False,
        sample__confirmed_at__isnull=True,
    ) & ~Q(sample__uploader=user)


def uploads_of(user: "User") -> Q:
    """A file as it was brought: its uploader's alone, as long as the sample waits."""
    return Q(
        sample__assignment__team__memberships__user=user,
        sample__uploader=user,
        sample__confirmed_at__isnull=True,
    )


def may_change(user: "User", sample: "Sample") -> bool:
    """The uploader, as long as the sample is neither confirmed nor waiting for the second person."""
    return sample.uploader_id == user.pk and sample.is_draft


def may_confirm(user: "User", sample: "Sample") -> bool:
    """The uploader, who also may ask twice."""
    return sample.uploader_id == user.pk


def may_rename(user: "User", sample: "Sample") -> bool:
    """The uploader; whether the label is still free to change, the domain knows."""
    return sample.uploader_id == user.pk


def recordings_allowed(team: "Team") -> bool:
    """Whether the team's district takes recordings of sound and film."""
    return team.school.district.recordings_allowed


def may_transcribe(user: "User", sample: "Sample") -> bool:
    """Who brought it; once it is confirmed every member of its team, so that a colleague who cannot hear has help."""
    return sample.is_confirmed or sample.uploader_id == user.pk
