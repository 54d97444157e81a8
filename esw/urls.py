"""Every room's addresses. The fixed ones (design): /healthz, /accounts/, /sessions/…, /samples/…"""

from django.contrib import admin
from django.urls import include, path

from esw.core.views import healthz

handler400 = "esw.core.views.bad_request"
handler403 = "esw.core.views.forbidden"
handler404 = "esw.core.views.not_found"
handler429 = "esw.core.views.too_often"  # allauth's limits ask for it
handler500 = "esw.core.views.broken"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("teams.account_urls")),
    path("staff/", admin.site.urls),
    path("", include("teams.urls")),
    path("", include("work_samples.urls")),
    path("", include("rubrics.urls")),
    path("", include("sessions_app.urls")),
    path("", include("insights.urls")),
    path("", include("reports.urls")),
    path("", include("home.urls")),
]
