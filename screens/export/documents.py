"""A text to save in several formats."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from iam.foreign_text import json_text


@dataclass(frozen=True, slots=True)
class Export:
    """A text in several formats. ``name`` is a file name without ending.

    ``texts`` maps endings (``md``, ``json``, ``sh``) to contents.
    """

    title: str
    name: str
    texts: dict[str, str]


def file_name(text: str) -> str:
    """Return external text as a safe file name."""
    return re.sub(r"[^A-Za-z0-9._+=@-]+", "-", text).strip(".-")[:100] or "role"


_NOTED = {
    "md": "> {}\n\n",
    "txt": "{}\n\n",
    "sh": "# {}\n",
    "pulumi.sh": "# {}\n",
    "tf": "# {}\n",
    "yaml": "# {}\n",
    "mermaid": "%% {}\n",
    "mmd": "%% {}\n",
    "dot": "// {}\n",
}
"""How each format writes a sentence before its contents."""


def noted(text: str, ending: str, note: str) -> str:
    """Return the text with the note first, or unchanged where the format has no place for one, such as CSV.

    In a JSON object the note is the field ``stale``.
    """
    if not note:
        return text
    if ending == "json" and text.startswith("{"):
        document = json.loads(text)
        schema = {"schema": document.pop("schema")} if "schema" in document else {}
        return json_text({**schema, "stale": note, **document}) + "\n"
    return _NOTED.get(ending, "").format(note) + text
