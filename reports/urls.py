from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("sessions/<uuid:session>/record/", views.record, name="record"),
    path("sessions/<uuid:session>/record/share/", views.share, name="share"),
    path("sessions/<uuid:session>/record/again/", views.again, name="again"),
    path("schools/<uuid:school>/records/", views.school_records, name="school_records"),
]
