"""The protocols that ship, loaded into the database: idempotent, a new version when a file's version is new."""

from django.db import transaction

from sessions_app import protocol_format
from sessions_app.models import Protocol, ProtocolVersion


@transaction.atomic
def load_catalogue() -> None:
    """Make every packaged protocol's version known. What is known already stays as it is: history does not move."""
    for slug, data in protocol_format.packaged_data().items():
        protocol, _ = Protocol.objects.get_or_create(slug=slug, defaults={"title": data["title"]})
        ProtocolVersion.objects.get_or_create(protocol=protocol, number=data["version"], defaults={"data": data})


def newest(slug: str) -> ProtocolVersion:
    """The newest version of a protocol; `ProtocolVersion.DoesNotExist` for an unknown slug."""
    found = ProtocolVersion.objects.filter(protocol__slug=slug).order_by("-number").first()
    if found is None:
        raise ProtocolVersion.DoesNotExist(slug)
    return found
