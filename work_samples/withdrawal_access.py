"""Who may look at what was withdrawn, and who may settle it.

A page on which a name shows is its uploader's and the team's leads' to cover. A page that worries somebody is kept for
whom the district named and for who raised it, and for nobody else: not for leads, not for administrators.
"""

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from teams.models import User
    from work_samples.models import Withdrawal

DISTRICT = "sample__assignment__team__school__district"


def withdrawals_of(user: "User") -> Q:
    """What exists for this person: their teams', and the worries that they or their district are told of."""
    worries = Q(reason="worry") & (
        Q(**{f"{DISTRICT}__concern_contact_email__iexact": user.email})
        | Q(**{f"{DISTRICT}__administrators__user": user})
    )
    return Q(sample__assignment__team__memberships__user=user) | worries


def is_contact(user: "User", withdrawal: "Withdrawal") -> bool:
    """Whether this is the person whom the district named for worries."""
    named = withdrawal.sample.assignment.team.school.district.concern_contact_email
    return bool(named) and named.lower() == user.email.lower()


def may_look(user: "User", withdrawal: "Withdrawal") -> bool:
    """Who may see the page while it is withdrawn."""
    if not withdrawal.is_open or waits_for_worry(withdrawal):
        return False
    if withdrawal.is_worry:
        raised = withdrawal.raised_by_id == user.pk and _is_member(user, withdrawal)
        return raised or is_contact(user, withdrawal)
    return may_cover(user, withdrawal)


def may_cover(user: "User", withdrawal: "Withdrawal") -> bool:
    """Who brought the work, and who leads the team, cover a name and bring the page back."""
    if withdrawal.is_worry or not withdrawal.is_open or waits_for_worry(withdrawal):
        return False
    brought = withdrawal.sample.uploader_id == user.pk and _is_member(user, withdrawal)
    return brought or _leads(user, withdrawal)


def may_undo(user: "User", withdrawal: "Withdrawal") -> bool:
    """Who pressed; how long after, the domain knows."""
    return withdrawal.raised_by_id == user.pk and withdrawal.is_open and _is_member(user, withdrawal)


def may_bring_back(user: "User", withdrawal: "Withdrawal") -> bool:
    """A worry is settled by whom the district named, by who raised it, and by the district's administrators."""
    if not withdrawal.is_worry or not withdrawal.is_open:
        return False
    raised = withdrawal.raised_by_id == user.pk and _is_member(user, withdrawal)
    return raised or may_destroy(user, withdrawal)


def may_destroy(user: "User", withdrawal: "Withdrawal") -> bool:
    """Who may have it destroyed for good. What worries somebody is never a lead's to destroy: it may be needed."""
    if not withdrawal.is_open or waits_for_worry(withdrawal):
        return False
    if withdrawal.is_worry:
        return is_contact(user, withdrawal) or _administers(user, withdrawal)
    return may_cover(user, withdrawal)


def waits_for_worry(withdrawal: "Withdrawal") -> bool:
    """Whether somebody is worried about the same page, so that nothing happens to it before that is settled."""
    if withdrawal.is_worry:
        return False
    others = withdrawal.sample.withdrawals.filter(reason="worry", settled_at=None)
    if withdrawal.page_id is None:
        return others.exists()
    return others.filter(Q(page=None) | Q(page=withdrawal.page_id)).exists()


def _is_member(user: "User", withdrawal: "Withdrawal") -> bool:
    return withdrawal.sample.assignment.team.memberships.filter(user=user).exists()


def _leads(user: "User", withdrawal: "Withdrawal") -> bool:
    return withdrawal.sample.assignment.team.memberships.filter(user=user, role="lead").exists()


def _administers(user: "User", withdrawal: "Withdrawal") -> bool:
    district = withdrawal.sample.assignment.team.school.district
    return bool(district.administrators.filter(user=user).exists())
