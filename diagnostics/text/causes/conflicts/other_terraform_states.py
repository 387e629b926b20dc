"""Find another state of Terraform that, as the text shows, manages the entity whose name is taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import Conflict
from diagnostics.text.causes.build_causes import contains
from diagnostics.who import Who
from iam.lazy_pattern import regex

_FAILING = regex(r"\bwith (?P<address>[\w.\[\]\"'-]{3,200}),")
_LISTS = regex(
    r"\b(?:terraform|tofu|terragrunt)[ \t]+(?:-chdir=(?P<dir>\S+)[ \t]+)?state[ \t]+(?:list|show)\b(?P<rest>[^\n]*)\n"
)
_PLACE = regex(
    r"\bworkspace[ \t]+select[ \t]+(?:-\S+[ \t]+)*(?P<workspace>[\w.-]+)|\bTF_WORKSPACE=(?P<variable>[\w.-]+)"
    r"|(?<![\w-])cd[ \t]+(?P<folder>[^\s;&|]+)"
)
_CURRENT = regex(r"\bworkspace[ \t]+show[ \t]*\n[ \t]*(?P<workspace>[\w.-]+)")
_PROMPT = regex(r"^[ \t]*[\w@:~/.() -]{0,60}[$#%>][ \t]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class OtherState:
    """The state that manages the entity: its workspace or folder in words and as written, and the address."""

    place: str
    said: str
    address: str

    @property
    def another_name(self) -> str:
        """An example of a name that no other state uses."""
        return "with ${terraform.workspace} in it" if self.place.startswith("workspace") else "with a prefix"


def of_another_state(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield the advice not to import what another state manages."""
    if (other := other_state(conflict)) is None:
        return
    kind = conflict.entity_type or "resource"
    yield FirstLook(
        f"Do not import it: the state of {other.place} already manages {conflict.name}, and two states would then "
        f"change and destroy the same {kind}. Give the resource another name here, for example {other.another_name}, "
        "or read it with a data source.",
        contains(other.address, other.said),
        None,
        Who.CALLER,
    )


def other_state(conflict: Conflict) -> OtherState | None:
    """Return the state of another workspace or folder that lists the address that could not be created.

    Terraform CLI, "Manage workspaces" and "terraform state list": each workspace has its own state
    (https://developer.hashicorp.com/terraform/cli/workspaces, .../cli/commands/state/list); "Import": an object must be
    imported to one address only (https://developer.hashicorp.com/terraform/language/import).
    """
    text, failed = conflict.text, _FAILING.search(conflict.text)
    if failed is None or not conflict.name:
        return None
    address, current = failed["address"], _CURRENT.search(text)
    for listed in _LISTS.finditer(text):
        place, said = _place_of(listed, text)
        if not place or (current is not None and current["workspace"] == said):
            continue
        if _has(address, text[listed.end() :]) or (" show " in listed[0] and address in listed["rest"]):
            return OtherState(place, said, address)
    return None


def _place_of(listed: re.Match[str], text: str) -> tuple[str, str]:
    """Return the workspace or folder whose state is listed, in words and as written; empty if it is the same one."""
    if listed["dir"]:
        return f"the folder {listed['dir']}", listed["dir"]
    before = [*_PLACE.finditer(text, 0, listed.start())]
    if not before:
        return "", ""
    last = before[-1]
    name = last["workspace"] or last["variable"]
    # A change before the failed command is where that command ran, too.
    failed = _FAILING.search(text)
    if failed is not None and failed.start() > last.start():
        return "", ""
    return (f"workspace {name}", name) if name else (f"the folder {last['folder']}", last["folder"])


def _has(address: str, output: str) -> bool:
    """Whether the output of a listing, up to the next prompt, has the address on a line of its own."""
    end = _PROMPT.search(output)
    lines = output[: end.start() if end else None].splitlines()
    return address in (line.strip() for line in lines)
