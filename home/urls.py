from django.urls import path

from home import views

app_name = "home"
urlpatterns = [
    path("", views.home, name="home"),
    path("library/", views.library, name="library"),
    path("library/filters/", views.save_filter, name="save_filter"),
    path("library/filters/<uuid:saved>/", views.change_filter, name="change_filter"),
    path("library/filters/<uuid:saved>/remove/", views.remove_filter, name="remove_filter"),
    path("library/samples/<uuid:sample>/used/", views.used, name="used"),
    path("about/", views.about, name="about"),
    path("style/", views.style, name="style"),
]
