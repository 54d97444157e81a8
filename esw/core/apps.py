import contextlib
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from esw.core.secrets import private_folder


class CoreConfig(AppConfig):
    name = "esw.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        # A command that needs no data (`agreement`) runs where nothing may be written, too.
        with contextlib.suppress(OSError):
            private_folder(Path(settings.FILE_UPLOAD_TEMP_DIR))
