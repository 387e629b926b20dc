"""Read an operation that a tool describes in words: ``creating IoT role alias NAME`` is IoT's CreateRoleAlias.

The words are compared with the actions that AWS lists for the service; words that match none are ignored. Only changes
are read this way, because what tools call "reading" consists of several calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iam.lazy_pattern import regex
from iam.service_reference import action_names, spelled
from iam.services import iam_prefix

_VERBS = {
    "creating": ("create", "put", "run", "request", "allocate"),
    "updating": ("update", "modify", "put"),
    "modifying": ("modify", "update"),
    "deleting": ("delete", "terminate", "release"),
    "putting": ("put",),
    "starting": ("start",),
    "stopping": ("stop",),
    "attaching": ("attach",),
    "detaching": ("detach",),
    "associating": ("associate",),
    "enabling": ("enable",),
    "disabling": ("disable",),
    "registering": ("register",),
    "tagging": ("tag",),
}
_SAID = regex(
    rf"\b(?P<verb>{'|'.join(_VERBS)}) (?:an? |the |AWS |Amazon )*"
    r"(?P<words>[A-Za-z][A-Za-z0-9]*(?:[ -][A-Za-z][A-Za-z0-9]*){1,7})",
    re.IGNORECASE,
)
_MOST_OF_SERVICE = 3
_MOST_OF_NOUN = 4


def spelled_out(text: str) -> str | None:
    """Return the action of the first operation that the text describes in words; None if AWS lists no such action."""
    return next((action for said in _SAID.finditer(text[:20_000]) for action in _actions(said)), None)


def _actions(said: re.Match[str]) -> Iterator[str]:
    words = re.split(r"[ -]", said["words"])
    for of_service in range(min(_MOST_OF_SERVICE, len(words) - 1), 0, -1):
        service = iam_prefix(" ".join(words[:of_service]))
        if service is None:
            continue
        names = action_names(service)
        for last in range(min(len(words), of_service + _MOST_OF_NOUN), of_service, -1):
            noun = "".join(words[of_service:last]).lower()
            for verb in _VERBS[said["verb"].lower()]:
                found = next((each for each in (f"{verb}{noun}", f"{verb}{noun}s") if each in names), None)
                if found:
                    yield spelled(f"{service}:{found}")
                    return
