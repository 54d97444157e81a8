from django.urls import path

from insights import views

app_name = "insights"
urlpatterns = [
    path("schools/", views.schools, name="schools"),
    path("schools/<uuid:school>/", views.school, name="school"),
    path("sessions/<uuid:session>/agreement/", views.agreement, name="agreement"),
]
