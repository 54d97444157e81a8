"""CASE packages as tests need them: well made, and wrong in one way at a time. No publisher's words in here."""

import json
from typing import Any


def item(identifier: str, text: str = "", /, **fields: Any) -> dict[str, Any]:
    return {
        "identifier": identifier,
        "uri": f"https://standards.example/uri/{identifier}",
        "fullStatement": text or f"Statement {identifier}",
        "CFItemType": "Standard",
        "educationLevel": ["07"],
    } | fields


def link(kind: str, origin: Any, target: Any, sequence: Any = None) -> dict[str, Any]:
    """`origin`, `target`: an identifier, or whatever should stand in its place."""

    def end(node: Any) -> Any:
        if not isinstance(node, str):
            return node
        return {"title": node, "identifier": node, "uri": f"https://standards.example/uri/{node}"}

    found = {
        "identifier": f"{kind}-{origin}-{target}",
        "associationType": kind,
        "originNodeURI": end(origin),
        "destinationNodeURI": end(target),
    }
    return found if sequence is None else found | {"sequenceNumber": sequence}


def below(child: str, parent: str = "doc", sequence: Any = None) -> dict[str, Any]:
    return link("isChildOf", child, parent, sequence)


def document(**fields: Any) -> dict[str, Any]:
    return {
        "identifier": "doc",
        "uri": "https://standards.example/uri/doc",
        "title": "Made-up standards",
        "creator": "A publisher",
        "version": "2",
        "subject": ["Language"],
    } | fields


def package(items: Any, links: Any = (), **fields: Any) -> bytes:
    whole = {"CFDocument": document(), "CFItems": items, "CFAssociations": list(links)} | fields
    return json.dumps(whole).encode()


def large(count: int) -> bytes:
    """As many statements, in groups of ten below ten below ten."""
    items = [
        item(f"i{at}", f"Say in your own words what made-up thing {at} means, and why it matters to a reader.",
             humanCodingScheme=f"M.{at // 100}.{at // 10 % 10}.{at % 10}" if at else "M")
        for at in range(count)
    ]  # fmt: skip
    links = [below(f"i{at}", f"i{(at - 1) // 10}" if at else "doc", at) for at in range(count)]
    return package(items, links)
