"""Which static files there are: our own, and of the packages from npm only what the pages use."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage
from servestatic.storage import CompressedManifestStaticFilesStorage

#: address below /static/ → folder in node_modules, and the files of it that are served.
PACKAGES = {
    "npm/bootstrap": ("bootstrap/dist/css", ["bootstrap.min.css"]),
    "npm/htmx": ("htmx.org/dist", ["htmx.min.js"]),
    "npm/openseadragon": ("openseadragon/build/openseadragon", ["openseadragon.min.js"]),
    "npm/charts": (".bundled", ["charts.js"]),  # made by scripts/bundle.sh
    "npm/literata": ("@fontsource/literata", ["files/literata-latin*-[467]00-*.woff2"]),
}


class StaticConfig(StaticFilesConfig):
    """Django's own, without what comes with an app and is never asked for."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx"]


class NpmFinder(BaseFinder):
    """Finds what PACKAGES names. Where `npm ci` has not run it finds nothing, as Django's own finders do."""

    def __init__(self, _app_names: object = None, *args: Any, **kwargs: Any) -> None:
        self.storages: dict[str, FileSystemStorage] = {}
        for prefix, (folder, _) in PACKAGES.items():
            location = settings.BASE_DIR / "node_modules" / folder
            if location.is_dir():
                self.storages[prefix] = FileSystemStorage(location=location)
                self.storages[prefix].prefix = prefix  # type: ignore[attr-defined]  # read by collectstatic
        super().__init__(*args, **kwargs)

    def check(self, **_kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:  # noqa: FBT001, FBT002 (Django's shape)
        found = [storage.path(name) for name, storage in self.list(None) if f"{storage.prefix}/{name}" == path]
        return found if find_all else (found or [None])[0]

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        for prefix, storage in self.storages.items():
            for pattern in PACKAGES[prefix][1]:
                for file in sorted(Path(storage.location).glob(pattern)):
                    name = file.relative_to(storage.location).as_posix()
                    if not matches_patterns(name, ignore_patterns or ()):
                        yield name, storage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Names with hashes, compressed beforehand. Source maps stay behind, so nothing is looked for in their place."""

    patterns = tuple(
        (glob, tuple(each for each in found if "sourceMappingURL" not in str(each)))
        for glob, found in CompressedManifestStaticFilesStorage.patterns
    )
