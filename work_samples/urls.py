from django.urls import URLPattern

app_name = "work_samples"
urlpatterns: list[URLPattern] = []
