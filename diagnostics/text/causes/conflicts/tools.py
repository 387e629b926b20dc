"""Causes of a taken name by the tool that creates it: how it imports the entity, and two addresses in one state."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import Conflict
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.conflicts.names_of_services import PRESCRIBED
from diagnostics.text.causes.conflicts.naming_tools import way_to_import
from diagnostics.text.causes.conflicts.seen import seen
from diagnostics.text.causes.conflicts.stacks import is_used_elsewhere
from diagnostics.text.causes.conflicts.tool_of_text import tool_of
from diagnostics.who import Who
from iam.lazy_pattern import regex

_WITHOUT_A_NAME = ("oidc-provider",)
"""Kinds of identity provider whose name is the issuer's URL, so that no other name can be chosen."""


_WITH_A_PREFIX = ("", "role", "policy", "instance-profile", "server-certificate")
"""Kinds whose Terraform resource has ``name_prefix``."""


_REPLACES = regex(
    r"create_before_destroy|must be replaced|forces replacement|[-+]/[-+] resource|creation of a new physical resource"
)
"""Output that shows that a tool replaces the entity."""


def tools(conflict: Conflict) -> Iterator[FirstLook]:
    found = tool_of(conflict)
    if found is None:
        return
    tool, said = found
    kind = conflict.entity_type or ""
    named = kind not in _WITHOUT_A_NAME and not PRESCRIBED.fullmatch(conflict.name or "")
    used = "choose another name" if named else "use it from there"
    if not conflict.owner_stack and not is_used_elsewhere(conflict):  # the text names what has it
        yield FirstLook(
            "Find out first who created the existing resource. If another project, stack, workspace or environment "
            f"manages it, {used}. If nothing manages it, take it over with {tool.name}: "
            f"{way_to_import(tool, conflict)}.",
            contains(" ".join(said.split())),
            seen(conflict),
            Who.CALLER,
        )
    if named and tool.replaced and (replaces := _REPLACES.search(conflict.text)):
        prefixed = tool.name != "Terraform" or kind in _WITH_A_PREFIX
        yield FirstLook(
            "The tool replaces the resource, and creates the new one before it deletes the old one of the same name: "
            f"{tool.replaced if prefixed else 'give the new entity another name'}.",
            contains(replaces[0]),
            None,
            Who.CALLER,
        )


_FAILING = regex(r"\bwith (?P<address>[\w.\[\]\"'-]{3,200}),")


def same_state(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield another resource address with this name in Terraform's output, from this run or from the state.

    The ID of an entity is its name. The ID of an attachment or an inline policy has more text after the name, so it
    shows only that the name is in use.
    """
    if not conflict.name or not conflict.entity_type:
        return
    name, own = re.escape(conflict.name), f"aws_iam_{conflict.entity_type.replace('-', '_')}"
    had = re.compile(
        rf"(?P<address>(?:[\w.-]+(?:\[[^\]\n]{{1,80}}\])?\.)*(?P<type>{own}\w*)\.[\w-]+(?:\[[^\]\n]{{1,80}}\])?): "
        rf"(?P<how>Creation complete[^\n\[]{{0,40}}|Refreshing state\.\.\.) \[id={name}(?P<part>[/:][^\]\n]*)?\]"
    )
    failing = {each["address"] for each in _FAILING.finditer(conflict.text)}
    others = [each for each in had.finditer(conflict.text) if each["address"] not in failing]
    same = next((each for each in others if each["type"] == own), None)
    found = same or next((each for each in others if each["part"] and each["how"].startswith("Creation")), None)
    if found is None:
        return
    address = found["address"]
    if same is None:
        cause = (
            f"The same run used the name {conflict.name} a moment before, for {address}: most likely two resources of "
            "the configuration have the same name. If so, give one of them another name. An import is right only if "
            f"no other resource of the configuration creates {conflict.name}."
        )
    elif found["how"].startswith("Refreshing"):
        cause = (
            f"This state already contains {conflict.name}, under {address}. If the resource was renamed or moved, a "
            "moved block keeps it. Otherwise give one of the two resources another name. An import would give the "
            "existing resource two addresses."
        )
    else:
        cause = (
            f"This run itself created {conflict.name} just before, under {address}: two resources of the "
            "configuration have the same name. Give one of them another name; do not import it."
        )
    yield FirstLook(cause, contains(f"{address}: {found['how'].strip()}"), seen(conflict), Who.CALLER)
