from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SessionsConfig(AppConfig):
    name = "sessions_app"

    def ready(self) -> None:
        from sessions_app.receivers import work_changed, work_destroyed  # noqa: PLC0415 (models are not ready earlier)
        from work_samples.signals import pages_changed, pages_destroyed  # noqa: PLC0415

        post_migrate.connect(load_catalogue_after_migrate, sender=self)
        pages_changed.connect(work_changed, dispatch_uid="sessions_app.work_changed")
        pages_destroyed.connect(work_destroyed, dispatch_uid="sessions_app.work_destroyed")


def load_catalogue_after_migrate(**_: object) -> None:
    """The protocols that ship are there as soon as the tables are."""
    from sessions_app.domain.catalogue import load_catalogue  # noqa: PLC0415 (models are not ready when apps load)

    load_catalogue()
