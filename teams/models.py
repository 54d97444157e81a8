"""Who: people, districts, schools, teams, and what each may do there."""

import uuid
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone


def known_time_zone(name: str) -> None:
    """Refuse a time zone that this machine does not know."""
    if name and name not in available_timezones():
        raise ValidationError("Choose a time zone from the list.")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person, known by an e-mail address. `name` is what the table calls them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=64, blank=True, validators=[known_time_zone])
    last_looked_at = models.DateTimeField(null=True, blank=True, help_text="When home was last opened.")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name else self.email

    @property
    def short_name(self) -> str:
        return self.get_short_name()


class District(models.Model):
    """A district and its rules for student work, which its administrators set.

    `groups` are the names of student groups that a sample may be filed under, never a student's name.
    `retention_years` and `team_quota_mb` are null where the district sets none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    recordings_allowed = models.BooleanField("audio and video may be brought", default=False)
    recordings_consent = models.TextField("where consent is on file", max_length=1000, blank=True)
    groups = models.JSONField("student groups", default=list, blank=True)
    reporting_duty = models.TextField("our reporting duty", max_length=4000, blank=True)
    concern_contact_name = models.CharField("who is told of a worry", max_length=80, blank=True)
    concern_contact_email = models.EmailField("their e-mail address", blank=True)
    retention_years = models.PositiveSmallIntegerField("school years that work is kept", null=True, blank=True)
    team_quota_mb = models.PositiveIntegerField("megabytes that a team may keep", null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="schools")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A PLC. `norms` are its own sentences, in its own order.

    With `two_person_check` another member confirms what one has made anonymous.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)
    norms = models.JSONField(default=list, blank=True)
    two_person_check = models.BooleanField("another member looks before work is confirmed", default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    members: "models.ManyToManyField[User, Membership]" = models.ManyToManyField(
        User, through="Membership", related_name="teams"
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TeamRole(models.TextChoices):
    LEAD = "lead", "lead"
    MEMBER = "member", "member"


class Membership(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=TeamRole, default=TeamRole.MEMBER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="a_member_once")]
        ordering = ["user__name"]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class Administration(models.Model):
    """A person who administers one school or one district: they see counts, never the room."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="administrations")
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.CASCADE, related_name="administrators")
    district = models.ForeignKey(
        District, null=True, blank=True, on_delete=models.CASCADE, related_name="administrators"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(school__isnull=True, district__isnull=False)
                | Q(school__isnull=False, district__isnull=True),
                name="administers_a_school_or_a_district",
            ),
            models.UniqueConstraint(fields=["user", "school"], name="administers_a_school_once"),
            models.UniqueConstraint(fields=["user", "district"], name="administers_a_district_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} administers {self.school or self.district}"


class RuleChange(models.Model):
    """Who changed which rule of a district, and when: the rule's name, never what stands in it."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="rule_changes")
    rule = models.CharField(max_length=40)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.rule} of {self.district}"
