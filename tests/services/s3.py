"""A throw-away S3-compatible store: moto's server, which speaks the protocol over HTTP and keeps objects in memory."""

import os
import shutil
import signal
import sys
import urllib.error
import urllib.request
from typing import Any

from tests.services.service import Service

BUCKET = "student-work"


class S3(Service):
    """A bucket called BUCKET; what it held is gone when it stops."""

    name = "s3"

    def command(self) -> list[str]:
        return [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """As STORAGE_URL."""
        return f"s3://{BUCKET}?endpoint={self.endpoint}&region=us-east-1&addressing=path&timeout=20"

    def answers(self) -> bool:
        request = urllib.request.Request(f"{self.endpoint}/{BUCKET}", method="PUT")
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as problem:
            return problem.code == 409
        except OSError:
            return False

    def storage(self, *, prefix: str = "", **options: str) -> dict[str, Any]:
        """An entry of Django's STORAGES, with files below `prefix`."""
        from esw.core.storage_url import storage_options

        made = storage_options(self.url, access_key="tests", secret_key="tests")
        made["OPTIONS"] |= {"prefix": prefix, **options}
        return made

    def pause(self) -> None:
        """It takes connections and says nothing."""
        self._tell(signal.SIGSTOP)

    def go_on(self) -> None:
        self._tell(signal.SIGCONT)

    def _tell(self, word: signal.Signals) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, word)


def start_s3() -> S3:
    """A running store with an empty bucket."""
    store = S3()
    try:
        store.start()
    except BaseException:
        store.kill()
        shutil.rmtree(store.folder, ignore_errors=True)
        raise
    return store
