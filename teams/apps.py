from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "teams"

    def ready(self) -> None:
        from teams.log_in import signals  # noqa: F401, PLC0415 (what it needs is loaded only now)
