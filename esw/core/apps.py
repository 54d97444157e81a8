from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "esw.core"
    label = "core"
    verbose_name = "Core"
