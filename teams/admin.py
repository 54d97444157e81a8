"""The staff's admin: people and structure only. What anybody wrote, scored or agreed has no place here."""

from typing import Any

from allauth.account import admin as _account_admin  # noqa: F401 (registers e-mail addresses, taken out below)
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth import admin as _auth_admin  # noqa: F401 (registers groups, which are taken out below)
from django.contrib.auth.forms import ReadOnlyPasswordHashField
from django.contrib.auth.models import Group
from django.http import HttpRequest

from teams.models import Administration, District, Membership, School, Team, User

admin.site.site_header = admin.site.site_title = "ESW: people and structure"
admin.site.index_title = "People and structure"
admin.site.unregister(EmailAddress)  # the address that counts is the person's own
admin.site.unregister(Group)  # rights come from teams and administrations, not from groups

# One door for everybody: the log-in that counts failed tries.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


KEPT_FOR_THEM = (
    "schools, teams, or what people brought, planned and wrote. It stays, and is not listed here. "
    "To close a person’s account, take the tick away from “Active”."
)


class DiscreetAdmin(admin.ModelAdmin):
    """Says that something hangs on what is to be deleted, and never what: Django would list focus questions."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, list[str]]:
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, missing, [KEPT_FOR_THEM] if protected else []


class UserForm(forms.ModelForm):
    """A person without a password field: everyone chooses their own by the link that they are mailed."""

    password = ReadOnlyPasswordHashField(label="Password", help_text="People choose their own, by e-mail.")

    class Meta:
        model = User
        fields = ["email", "name", "time_zone", "is_active", "is_staff", "is_superuser"]


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["user", "team"]


class AdministrationInline(admin.TabularInline):
    model = Administration
    extra = 0
    autocomplete_fields = ["user", "school", "district"]


@admin.register(User)
class UserAdmin(DiscreetAdmin):
    form = UserForm
    list_display = ["name", "email", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["name", "email"]
    inlines = [MembershipInline, AdministrationInline]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001 (Django's)
        if not change:
            obj.set_unusable_password()
        obj.email = User.objects.normalize_email(obj.email).lower()
        super().save_model(request, obj, form, change)


@admin.register(District)
class DistrictAdmin(DiscreetAdmin):
    list_display = ["name"]
    search_fields = ["name"]


@admin.register(School)
class SchoolAdmin(DiscreetAdmin):
    list_display = ["name", "district"]
    list_filter = ["district"]
    search_fields = ["name"]


@admin.register(Team)
class TeamAdmin(DiscreetAdmin):
    """Norms are the team's own sentences and are not shown here."""

    list_display = ["name", "school"]
    list_filter = ["school"]
    search_fields = ["name"]
    fields = ["name", "school"]
    inlines = [MembershipInline]
