"""Commands of the AWS CLI as text, with every foreign value quoted for a shell."""

from __future__ import annotations

import json
import shlex
import unicodedata
from collections.abc import Mapping
from typing import Any

# Control characters end a bracketed paste, right-to-left marks show a command as another: neither is ever offered.
_UNTYPABLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


class Untypable(ValueError):
    """A value that cannot stand in a command line that people copy."""


def aws(service: str, operation: str, *options: tuple[str, str | None] | str) -> str:
    """One command. An option is ``(name, value)``, ``(name, None)`` for none, or a bare flag.

    Raises `Untypable` when a value holds characters that cannot be pasted safely.
    """
    words = ["aws", service, operation]
    for option in options:
        if isinstance(option, str):
            words.append(f"--{option}")
            continue
        name, value = option
        if value is None:
            continue
        if not typable(value):
            raise Untypable(f"--{name} holds characters that cannot be pasted into a shell safely")
        if value.startswith("-"):
            words.append(shlex.quote(f"--{name}={value}"))
        else:
            words += [f"--{name}", shlex.quote(value)]
    return " ".join(words)


def iam(operation: str, *options: tuple[str, str | None] | str) -> str:
    return aws("iam", operation, *options)


def typable(value: str) -> bool:
    return not any(unicodedata.category(character) in _UNTYPABLE for character in value)


def compact_json(value: Any) -> str:
    """JSON on one line, in ASCII: what would not be typable is escaped."""
    return json.dumps(value, separators=(",", ":"))


def tag_list(tags: Mapping[str, str]) -> str:
    return compact_json([{"Key": key, "Value": value} for key, value in tags.items()])


def shown(text: str, longest: int = 96, lines: bool = False) -> str:
    """Foreign text for a sentence: control characters made visible, and not longer than a line.

    ``lines`` keeps line breaks, for text that is shown as it was pasted.
    """
    cut = text if len(text) <= longest else text[:longest] + "…"
    return "".join(
        character
        if unicodedata.category(character) not in _UNTYPABLE or (lines and character == "\n")
        else f"\\u{ord(character):04x}"
        for character in cut
    )


def quoted(text: str) -> str:
    """One word of a shell line. Raises `Untypable` when it holds what cannot be pasted safely."""
    if not typable(text):
        raise Untypable("it holds characters that cannot be pasted into a shell safely")
    return shlex.quote(text)
