"""Whether data has the shape of a protocol, and a sentence for where it has not.

The shape itself is ``catalogue/schema.json``. What comes in may be hostile, so size is bounded before anything else
looks at it, the first error is enough, and nothing long or unprintable is repeated in the sentence.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

CATALOGUE = Path(__file__).parent / "catalogue"
SCHEMA_FILE = CATALOGUE / "schema.json"

MAX_STEPS = 60


class BadProtocol(ValueError):
    """A protocol that cannot be used; ``sentence`` says what is wrong with it, and where."""

    def __init__(self, sentence: str) -> None:
        """Keep the sentence that the person who wrote the protocol will read."""
        super().__init__(sentence)
        self.sentence = sentence


def check_shape(data: object) -> Mapping[str, Any]:
    """``data`` itself when it has the shape of a protocol; ``BadProtocol`` with one sentence otherwise."""
    if not isinstance(data, dict):
        raise BadProtocol("A protocol is a JSON object with a title and steps.")
    steps = data.get("steps")
    if isinstance(steps, list) and len(steps) > MAX_STEPS:
        raise BadProtocol(f"A protocol has at most {MAX_STEPS} steps; this one has more.")
    _refuse_impossible_numbers(data)
    error = next(_validator().iter_errors(data), None)
    if error is not None:
        raise BadProtocol(_sentence(error, data))
    _refuse_unreadable_text(data)
    return data


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA_FILE.read_bytes()))


def _refuse_impossible_numbers(data: Mapping[str, Any]) -> None:
    """NaN is neither too small nor too large for a schema, and some checks trip over it."""
    steps = data.get("steps")
    for number, entry in enumerate(steps if isinstance(steps, list) else (), start=1):
        for name, value in entry.items() if isinstance(entry, dict) else ():
            if isinstance(value, float) and not math.isfinite(value):
                raise BadProtocol(f"{place(number, entry)}: “{_short(name)}” is not a number.")


def _refuse_unreadable_text(data: Mapping[str, Any]) -> None:
    """Refuse text that is blank, or that holds what no screen can show or no database can keep."""
    for name, value in _texts(data):
        _refuse_unreadable("The protocol", name, value)
    for number, entry in enumerate(data["steps"], start=1):
        for name, value in _texts(entry):
            _refuse_unreadable(place(number, entry), name, value)


def _texts(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in entry.items():
        if isinstance(value, str):
            yield name, value
    for texts in entry.get("stems", {}).values():
        yield from (("stems", text) for text in texts)


def _refuse_unreadable(where: str, name: str, text: str) -> None:
    if name != "script" and not text.strip():
        raise BadProtocol(f"{where}: “{name}” must not be empty.")
    breaks = "\n" if name in {"script", "prompt", "summary", "source", "adaptation"} else ""
    if any(_unreadable(character) and character not in breaks for character in text):
        raise BadProtocol(f"{where}: “{name}” holds a character that cannot be shown.")


def _unreadable(character: str) -> bool:
    """Control characters, and the halves of characters that are not valid on their own."""
    return ord(character) < ord(" ") or "\x7f" <= character <= "\x9f" or "\ud800" <= character <= "\udfff"


def _sentence(error: ValidationError, data: Mapping[str, Any]) -> str:
    """One sentence for what the schema found, naming the step and the field."""
    path = list(error.absolute_path)
    where = "The protocol"
    if len(path) > 1 and path[0] == "steps":
        number = int(path[1])
        where = place(number + 1, data["steps"][number])
        path = path[2:]
    rule: Any = error.validator_value
    found: Any = error.instance
    if error.validator == "required":
        missing = next(name for name in rule if name not in found)
        return f"{where}: “{missing}” is missing."
    if error.validator == "additionalProperties":
        known = _known_names(error.schema)
        unknown = next(name for name in found if name not in known)
        return f"{where}: “{_short(unknown)}” is not something that this format knows."
    if not path:
        return f"{where} must be a JSON object with named fields."
    return f"{where}: “{path[0]}” {_demand(str(error.validator), rule)}."


def _known_names(schema: object) -> Mapping[str, Any]:
    return schema.get("properties", {}) if isinstance(schema, dict) else {}


def _demand(rule: str, wanted: Any) -> str:
    """What the schema's ``rule`` asks of a field, with what is ``wanted``."""
    demands = {
        "type": f"must be {_TYPES.get(str(wanted), 'of another type')}",
        "const": f"must be {wanted}",
        "enum": f"must be one of: {', '.join(map(str, wanted)) if isinstance(wanted, list) else wanted}",
        "minimum": f"must be at least {wanted}",
        "maximum": f"must be at most {wanted}",
        "multipleOf": "must be in whole or half minutes",
        "minLength": "must not be empty",
        "maxLength": f"must not be longer than {wanted} characters",
        "minItems": f"must have at least {wanted}",
        "maxItems": f"must have at most {wanted}",
        "uniqueItems": "must not name the same thing twice",
        "pattern": "must be a short name in small letters and digits",
    }
    return demands.get(rule, "is not right")


_TYPES = {
    "object": "a JSON object",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
}


def place(number: int, entry: object) -> str:
    """Which step a sentence is about: 'Step 3, “Reveal”', or 'Step 3' when its title cannot be read."""
    title = entry.get("title") if isinstance(entry, dict) else None
    readable = isinstance(title, str) and title.strip() and not any(map(_unreadable, title[:60]))
    return f"Step {number}, “{_short(title)}”" if readable else f"Step {number}"


def _short(value: object) -> str:
    """A text from the file, short and clean enough to be shown in a sentence."""
    text = value if isinstance(value, str) else "?"
    text = "".join("?" if _unreadable(character) else character for character in text[:60])
    return text + "…" if isinstance(value, str) and len(value) > len(text) else text
