"""What a browser does to send a file in pieces, for tests."""

import base64
import hashlib

from django.test import Client

TUS = {"tus-resumable": "1.0.0", "accept": "application/json"}
PIECE = "application/offset+octet-stream"
SAMPLES = "/samples/pieces/"


def metadata(**said) -> str:
    return ",".join(f"{key} {base64.b64encode(str(value).encode()).decode()}" for key, value in said.items())


def begin(client: Client, assignment=None, *, size, base=SAMPLES, name="photo.jpg", **said):
    """The answer to beginning a file; its address is in Location."""
    if assignment is not None:
        said["assignment"] = getattr(assignment, "pk", assignment)
    headers = TUS | {"upload-length": str(size), "upload-metadata": metadata(filename=name, **said)}
    return client.post(base, headers=headers)


def piece(client: Client, address: str, data: bytes, *, offset, **headers):
    return client.patch(address, data, content_type=PIECE, headers=TUS | {"upload-offset": str(offset)} | headers)


def how_far(client: Client, address: str) -> int:
    answer = client.head(address, headers=TUS)
    assert answer.status_code == 200
    return int(answer["Upload-Offset"])


def became(client: Client, address: str) -> dict:
    answer = client.get(address, headers=TUS)
    assert answer.status_code == 200
    return answer.json()


def send(client: Client, assignment, data: bytes, *, by=300_000, **how):
    """All of a file, piece by piece; what became of it."""
    answer = begin(client, assignment, size=len(data), **how)
    assert answer.status_code == 201, answer.content
    address = answer["Location"]
    for offset in range(0, len(data), by):
        sent = piece(client, address, data[offset : offset + by], offset=offset)
        assert sent.status_code == 204, sent.content
    return became(client, address)


def checksum(data: bytes, algorithm="sha256") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"
