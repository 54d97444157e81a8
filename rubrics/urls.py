from django.urls import path

from rubrics import views

app_name = "rubrics"
urlpatterns = [
    path("rubrics/", views.rubric_list, name="list"),
    path("rubrics/new/", views.new, name="new"),
    path("rubrics/<uuid:rubric_id>/", views.rubric, name="rubric"),
    path("rubrics/<uuid:rubric_id>/edit/", views.edit, name="edit"),
]
