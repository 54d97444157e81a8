from django.urls import path

from teams import rules_views, views

app_name = "teams"
urlpatterns = [
    path("me/", views.profile, name="profile"),
    path("teams/", views.teams, name="teams"),
    path("teams/<uuid:team>/", views.team, name="team"),
    path("teams/<uuid:team>/edit/", views.edit, name="team_edit"),
    path("teams/<uuid:team>/members/", views.member_add, name="member_add"),
    path("teams/<uuid:team>/members/<int:membership>/remove/", views.member_remove, name="member_remove"),
    path("teams/<uuid:team>/members/<int:membership>/role/", views.member_role, name="member_role"),
    path("districts/<uuid:district>/rules/", rules_views.rules, name="district_rules"),
]
