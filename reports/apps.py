from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from reports.receivers import forget_records  # noqa: PLC0415 (models are not ready when apps load)
        from sessions_app.signals import notes_struck  # noqa: PLC0415

        notes_struck.connect(forget_records, dispatch_uid="forget_records")
