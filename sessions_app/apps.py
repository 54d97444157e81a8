from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SessionsConfig(AppConfig):
    name = "sessions_app"

    def ready(self) -> None:
        post_migrate.connect(load_catalogue_after_migrate, sender=self)


def load_catalogue_after_migrate(**_: object) -> None:
    """The protocols that ship are there as soon as the tables are."""
    from sessions_app.domain.catalogue import load_catalogue  # noqa: PLC0415 (models are not ready when apps load)

    load_catalogue()
