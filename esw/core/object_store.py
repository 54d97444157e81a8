"""An S3-compatible store as the private storage: AWS, MinIO, Ceph, or what a district's cloud offers.

Imported only where STORAGE_URL names one, because boto3 is heavy. Nothing is ever public: objects get no ACL, no
address is signed or given out, and ESW reads in pieces what it serves.
"""

import contextlib
import errno
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

from esw.core.secrets import private_folder
from esw.core.storage import StorageAway, Stored, scratch

log = logging.getLogger(__name__)

MIB = 1024 * 1024
#: What one request for a part of an object brings. Each is asked for when the one before is sent, so a phone that
#: reads slowly holds neither memory nor a connection to the store.
PIECE = 1 * MIB
#: Larger ones go up in parts of this size, one after another; the store shows an object when its last part is there.
PART = 16 * MIB
ROOM_TO_SPARE = 256 * MIB
NOT_FOUND = frozenset({"404", "NoSuchKey", "NotFound"})


@contextlib.contextmanager
def _asked() -> Iterator[None]:
    """What goes wrong with the store, in our words: FileNotFoundError or StorageAway. Only kinds are logged."""
    try:
        yield
    except ClientError as problem:
        code = str(problem.response.get("Error", {}).get("Code", ""))
        if code in NOT_FOUND:
            raise FileNotFoundError("no such object") from problem
        log.error("the store of files refused (%s)", code)  # noqa: TRY400 (its words hold names)
        raise StorageAway from problem
    except (BotoCoreError, Boto3Error) as problem:
        log.warning("the store of files did not answer (%s)", type(problem).__name__)
        raise StorageAway from problem


@deconstructible
class ObjectStorage(S3Storage):
    """Objects in a bucket, below `prefix`; the options are those of STORAGE_URL. `url()` is refused on purpose."""

    is_folder = False

    def __init__(
        self,
        *,
        bucket: str,
        prefix: str = "",
        endpoint: str = "",
        region: str = "",
        access_key: str = "",
        secret_key: str = "",
        addressing: str = "auto",
        encryption: str = "",
        kms_key: str = "",
        timeout: str = "10",
    ) -> None:
        encrypted = {"ServerSideEncryption": encryption, "SSEKMSKeyId": kms_key}
        super().__init__(
            bucket_name=bucket,
            location=prefix,
            endpoint_url=endpoint or None,
            region_name=region or None,
            **({"access_key": access_key, "secret_key": secret_key} if access_key else {}),
            default_acl=None,
            file_overwrite=True,  # names are never used twice, so nobody need ask whether one is free
            object_parameters={name: value for name, value in encrypted.items() if value},
            transfer_config=TransferConfig(use_threads=False, multipart_threshold=PART, multipart_chunksize=PART),
            client_config=Config(
                connect_timeout=float(timeout) / 2,
                read_timeout=float(timeout),
                retries={"total_max_attempts": 3, "mode": "standard"},
                s3={"addressing_style": addressing},
                signature_version="s3v4",
                max_pool_connections=32,
                # Checksums of AWS's own kind are refused by some other stores.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
        self._lock = threading.Lock()
        self._resource: tuple[int, Any] | None = None

    @property
    def connection(self) -> Any:
        """One for all threads of a process; django-storages makes one a thread, at a fifth of a second each."""
        with self._lock:
            if self._resource is None or self._resource[0] != os.getpid():
                made = self._create_session().resource(
                    "s3", region_name=self.region_name, endpoint_url=self.endpoint_url, config=self.client_config
                )
                self._resource = (os.getpid(), made)
                self._bucket = None
            return self._resource[1]

    @property
    def client(self) -> Any:
        return self.connection.meta.client

    def _key(self, name: str) -> str:
        return str(self._normalize_name(clean_name(name)))

    # --- what Django asks ---------------------------------------------------------------------------------------

    def _open(self, name: str, mode: str = "rb") -> File:
        """A copy on this machine, because readers seek; never wholly in memory."""
        if mode != "rb":
            raise ValueError("Objects are read; `save` writes them.")
        copy = tempfile.TemporaryFile(dir=private_folder(Path(settings.FILE_UPLOAD_TEMP_DIR)))  # noqa: SIM115
        try:
            self._fetch(name, copy)
            copy.seek(0)
        except BaseException:
            copy.close()
            raise
        return File(copy, name)

    def _save(self, name: str, content: Any) -> str:
        with _asked():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError), _asked():
            self.client.delete_object(Bucket=self.bucket_name, Key=self._key(name))

    def exists(self, name: str) -> bool:
        with _asked():
            return bool(super().exists(name))

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _asked():
            folders, files = super().listdir(name)
            return folders, files

    def size(self, name: str) -> int:
        with _asked():
            return int(self.client.head_object(Bucket=self.bucket_name, Key=self._key(name))["ContentLength"])

    def get_modified_time(self, name: str) -> datetime:
        with _asked():
            found: datetime = self.client.head_object(Bucket=self.bucket_name, Key=self._key(name))["LastModified"]
        return found

    def url(self, name: str, *_: Any, **__: Any) -> str:
        raise ValueError(f"Files are served through views that check access, never by address ({name}).")

    # --- what a private storage can do beside -------------------------------------------------------------------

    def pieces(self, name: str, start: int, end: int) -> Iterator[bytes]:
        for at in range(start, end, PIECE):
            last = min(at + PIECE, end) - 1
            with _asked():
                part = self.client.get_object(Bucket=self.bucket_name, Key=self._key(name), Range=f"bytes={at}-{last}")
                piece = part["Body"].read()
            if len(piece) != last + 1 - at:
                raise StorageAway("the store sent less than was asked for")
            yield piece

    def put(self, path: Path, name: str) -> None:
        with path.open("rb") as data:
            self._save(name, File(data))
        path.unlink()

    @contextlib.contextmanager
    def local(self, name: str) -> Iterator[Path]:
        with scratch() as folder:
            copy = folder / "file"
            with copy.open("wb") as target:
                self._fetch(name, target)
            yield copy

    def _fetch(self, name: str, target: IO[bytes]) -> None:
        """Copy an object onto this machine's disk, as long as there is room to spare. Raises OSError(ENOSPC)."""
        size = self.size(name)
        if shutil.disk_usage(settings.FILE_UPLOAD_TEMP_DIR).free < size + ROOM_TO_SPARE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        for piece in self.pieces(name, 0, size):
            target.write(piece)
        target.flush()

    def walk(self, folder: str) -> Iterator[Stored]:
        """In pages of a thousand, as the store lists them."""
        root = f"{self.location.strip('/')}/" if self.location else ""
        pages = iter(self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, Prefix=f"{self._key(folder)}/" if folder else root
        ))  # fmt: skip
        while True:
            with _asked():
                page = next(pages, None)
            if page is None:
                return
            for entry in page.get("Contents", ()):
                yield Stored(entry["Key"].removeprefix(root), entry["Size"], entry["LastModified"])

    def give_up_half(self, *, before: datetime, remove: bool) -> int:
        """Uploads in parts whose sender died: the store shows them to nobody, and keeps them for money."""
        root = f"{self.location.strip('/')}/" if self.location else ""
        with _asked():
            pages = self.client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket_name, Prefix=root)
            lost = [one for page in pages for one in page.get("Uploads", ()) if one["Initiated"] < before]
            for one in lost if remove else []:
                self.client.abort_multipart_upload(Bucket=self.bucket_name, Key=one["Key"], UploadId=one["UploadId"])
        return len(lost)
