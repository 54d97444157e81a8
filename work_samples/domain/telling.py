"""Telling by e-mail that work was withdrawn: where, by whom, and a link. Never what it shows or says."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from work_samples.models import Withdrawal, WithdrawalEvent


def tell(*, withdrawal_id: UUID, now: datetime) -> int:
    """Tell who is responsible of a withdrawal that is open, once; returns how many were told.

    Raises OSError or SMTPException when a mail cannot be sent: the job tries again.
    """
    rows = Withdrawal.objects.select_related("sample__assignment__team__school__district", "raised_by", "page")
    row = rows.filter(pk=withdrawal_id, settled_at=None, told_at=None).first()
    if row is None:
        return 0
    addresses = addresses_of(row)
    for address in addresses:
        _send(row, address)
    Withdrawal.objects.filter(pk=row.pk).update(told_at=now)
    WithdrawalEvent.objects.create(withdrawal=row, name="told" if addresses else "nobody_to_tell", at=now)
    return len(addresses)


def addresses_of(row: Withdrawal) -> list[str]:
    """A worry is for whom the district named; a name for who brought the work and who leads the team."""
    team = row.sample.assignment.team
    if row.is_worry:
        named = team.school.district.concern_contact_email
        return [named] if named else []
    members = team.memberships.filter(user__is_active=True).exclude(user=row.raised_by_id)
    told = members.filter(role="lead") | members.filter(user=row.sample.uploader_id)
    return sorted(set(told.values_list("user__email", flat=True)))


def _send(row: Withdrawal, address: str) -> None:
    kind = "worry" if row.is_worry else "name"
    team = row.sample.assignment.team
    context = {
        "withdrawal": row,
        "team": team,
        "assignment": row.sample.assignment,
        "contact": team.school.district.concern_contact_name,
        "link": f"{settings.SITE_URL}{reverse('work_samples:withdrawal', args=[row.pk])}",
    }
    subject = render_to_string(f"work_samples/mail/{kind}_subject.txt", context).strip()
    body = render_to_string(f"work_samples/mail/{kind}.txt", context)
    send_mail(subject, body, None, [address])
