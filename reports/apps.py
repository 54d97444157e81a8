from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from reports.receivers import forget_records, forget_records_of_work  # noqa: PLC0415 (models are not ready when apps load)
        from sessions_app.signals import notes_struck  # noqa: PLC0415
        from work_samples.signals import pages_changed  # noqa: PLC0415

        notes_struck.connect(forget_records, dispatch_uid="forget_records")
        pages_changed.connect(forget_records_of_work, dispatch_uid="forget_records_of_work")
