from django.apps import AppConfig


class WorkSamplesConfig(AppConfig):
    name = "work_samples"
