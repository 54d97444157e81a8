from django.apps import AppConfig
from django.db.models.signals import post_migrate

from work_samples import search_index


class WorkSamplesConfig(AppConfig):
    name = "work_samples"

    def ready(self) -> None:
        # Not before: models are not ready when apps load.
        from work_samples import logging_out, team_section  # noqa: F401, PLC0415

        post_migrate.connect(search_index.mend, sender=self, dispatch_uid="work_samples.search_index")
