from django.urls import path

from reports import views, views_packet, views_school

app_name = "reports"
urlpatterns = [
    path("sessions/<uuid:session>/record/", views.record, name="record"),
    path("sessions/<uuid:session>/record/share/", views.share, name="share"),
    path("sessions/<uuid:session>/record/again/", views.again, name="again"),
    path("sessions/<uuid:session>/packet/", views_packet.packet, name="packet"),
    path("sessions/<uuid:session>/packet/again/", views_packet.again, name="packet_again"),
    path("schools/<uuid:school>/report/", views_school.school_report, name="school_report"),
    path("schools/<uuid:school>/report/again/", views_school.school_report_again, name="school_report_again"),
    path("schools/<uuid:school>/report/<slug:name>.csv", views_school.school_table, name="school_table"),
    path("schools/<uuid:school>/records/", views.school_records, name="school_records"),
]
