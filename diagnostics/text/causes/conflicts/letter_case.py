"""Find the entity that has a taken name in different letter case, in what the text lists.

IAM API Reference, "CreateRole" and "CreateUser": names are not distinguished by case
(https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html); IAM User Guide, "IAM identifiers": a name is
unique in the account, whatever the path
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.failure import Conflict
from iam.lazy_pattern import regex

_KINDS = ("role", "user", "group", "policy", "instance-profile")
_NAME = r"(?P<name>[\w+=@-][\w+=.@-]{1,127})"
_ALONE = regex(rf"^[ \t\"'|*-]*{_NAME}[ \t\"',|]*$", re.MULTILINE)
"""A name that is alone on its line, as in the output of a command that lists names."""
_SHOWN = regex(r"\"(?:Role|User|Group|Policy|InstanceProfile)Name\"\s*:\s*\"(?P<name>[\w+=,.@-]{1,128})\"")
"""A name in the output of a command that shows an entity."""
_ROW = regex(
    rf"^[ \t\"'|\[]*{_NAME}(?:[ \t]*[|,\"]|\t| {{2,}})(?P<rest>[^\n]*)$",
    re.MULTILINE,
)
"""A row of a table whose first column is a name."""
_OF_ENTITY = regex(
    r"(?:^|[\s|\"',])(?P<path>/(?:[\w+=,.@-]+/)*)(?=[\s|\"',]|$)|\b(?:AROA|AIDA|AGPA|ANPA|AIPA)[A-Z0-9]{12,}|:iam::"
)
"""The text after the name in a row of IAM's entities: a path, a unique ID or an ARN."""
_ARN = regex(
    r"\barn:[\w-]+:iam::\d{12}:(?P<kind>role|user|group|policy|instance-profile)(?P<path>/(?:[\w+=,.@-]+/)*)"
    r"(?P<name>[\w+=,.@-]*[\w+=@-])"
)


@dataclass(frozen=True, slots=True)
class OtherCase:
    """The existing entity. ``path`` is "" if the text does not show it."""

    name: str
    path: str
    asked: str

    @property
    def sentence(self) -> str:
        """Return the sentence that says that it has the name."""
        where = f" (path {self.path})" if len(self.path) > 1 else ""
        return (
            f"{self.name}{where} exists, and IAM does not distinguish letter case or path in names: {self.asked} is "
            "the same name."
        )


def same_in_other_case(conflict: Conflict) -> OtherCase | None:
    """Return the only entity of the conflict's kind that the text lists under the same name in different case."""
    asked = conflict.name or ""
    if conflict.entity_type not in _KINDS or not asked:
        return None
    listed: dict[str, str] = {}
    for name, path in _listed(conflict.text, conflict.entity_type or ""):
        if name != asked and name.lower() == asked.lower():
            listed[name] = listed.get(name) or path
    if len(listed) != 1:
        return None
    ((name, path),) = listed.items()
    return OtherCase(name, path, asked)


def _listed(text: str, kind: str) -> Iterator[tuple[str, str]]:
    """Yield each name that the text lists, and its path if it is shown."""
    for pattern in (_ALONE, _SHOWN):
        yield from ((each["name"], "") for each in pattern.finditer(text))
    for each in _ROW.finditer(text):
        if (entity := _OF_ENTITY.search(each["rest"])) is not None:
            yield each["name"], entity["path"] or ""
    yield from ((each["name"], each["path"]) for each in _ARN.finditer(text) if each["kind"] == kind)
