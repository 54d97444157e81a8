"""`STORAGE_URL`, read: where files lie. Without Django's settings, which are made of it."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

KNOWN = frozenset({"endpoint", "region", "addressing", "encryption", "kms_key", "timeout"})


def storage_options(url: str, *, access_key: str = "", secret_key: str = "") -> dict[str, Any]:
    """What `STORAGE_URL` says, as an entry of Django's STORAGES; '' is the private folder. Raises ImproperlyConfigured.

    `s3://bucket/prefix?endpoint=https://…&region=…`; docs/settings.md has the rest.
    """
    if not url:
        return {"BACKEND": "esw.core.storage.PrivateStorage"}
    parts = urlsplit(url)
    said = dict(parse_qsl(parts.query))
    if parts.scheme != "s3" or not parts.hostname or set(said) - KNOWN:
        known = ", ".join(sorted(KNOWN))
        raise ImproperlyConfigured(f"STORAGE_URL is s3://bucket or s3://bucket/prefix, with any of {known} after a ?.")
    if "@" in parts.netloc:
        raise ImproperlyConfigured("Keys do not stand in STORAGE_URL: set STORAGE_ACCESS_KEY and STORAGE_SECRET_KEY.")
    options = {"bucket": parts.netloc, "prefix": parts.path.strip("/"), **said}
    if access_key:
        options |= {"access_key": access_key, "secret_key": secret_key}
    return {"BACKEND": "esw.core.object_store.ObjectStorage", "OPTIONS": options}
