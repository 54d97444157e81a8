from django.urls import path

from insights import views

app_name = "insights"
urlpatterns = [
    path("schools/", views.schools, name="schools"),
    path("schools/<uuid:school>/", views.school, name="school"),
    path("teams/<uuid:team>/agreement/", views.team_agreement, name="team_agreement"),
    path("sessions/<uuid:session>/agreement/", views.agreement, name="agreement"),
]
