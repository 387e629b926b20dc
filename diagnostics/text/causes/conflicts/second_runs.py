"""The cause of a taken name if a script ran before: its first run created the entity."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import Conflict
from diagnostics.text.causes.build_causes import affirmed, contains, reading
from diagnostics.who import Who
from iam.lazy_pattern import regex

_SCRIPTED = regex(r"when calling the Create\w+ operation|\baws iam create-|botocore|EntityAlreadyExistsException")
_AGAIN = (
    r"\b(?:ran|runs?|running|executed?|call(?:ed)?|start(?:ed)?|launch(?:ed)?)\b[^.\n]{0,40}\b"
    r"(?:again|twice|(?:a|the) second time|once more)\b"
    r"|\bre-?(?:ran|runs?|running)\b"
    r"|\b(?:second|next|later|every other|subsequent) (?:runs?|time|execution|invocation)\b"
    r"|\bfirst (?:run|time|execution|invocation)\b[^.\n]{0,40}"
    r"\b(?:works?|worked|went|fine|ok|succeed\w*|passed|through)\b"
    r"|\b(?:worked|went through|succeeded)\b[^.\n]{0,30}\bthe first time\b"
)
_STACK = ":stack/"
"""A part of a CloudFormation stack's ARN: the stack has the name."""
_TAKEN = regex(r"\(EntityAlreadyExists(?:Exception)?\)")
_NEXT_COMMAND = regex(r"^(?:\+|\$) \S[^\n]*\n(?!\s*(?:An error occurred|aws: error))", re.MULTILINE)
_UPDATES = {
    "role": (
        "get-role",
        "role-name",
        "The role keeps the trust policy of that run: set a changed one with aws iam update-assume-role-policy.",
    ),
    "policy": ("", "", "A changed document of the policy needs aws iam create-policy-version."),
    "instance-profile": (
        "get-instance-profile",
        "instance-profile-name",
        "The instance profile keeps its role: a profile contains only one.",
    ),
    "user": ("get-user", "user-name", "The user keeps its access keys and tags."),
    "group": ("get-group", "group-name", "The group keeps its members."),
}
"""How to read an entity of each kind by its name, and what a second creation would not change.

IAM User Guide, "Update a role trust policy"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html); "Versioning IAM policies"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html).
"""


def second_run(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield the cause if a script creates what its own earlier run has created, as the text says or shows."""
    text, kind, name = conflict.pasted or conflict.text, conflict.entity_type or "", conflict.name
    if conflict.owner_stack or kind not in _UPDATES or not name or not _SCRIPTED.search(text) or _STACK in text:
        return
    taken = list(_TAKEN.finditer(text))
    said = affirmed(text, _AGAIN) or (taken[0][0] if len(taken) > 1 else "")
    if not said:
        return
    read, option, remains = _UPDATES[kind]
    went_on = taken and _NEXT_COMMAND.search(text, taken[-1].end())
    rest = " The commands after it ran, so this error alone changes nothing." if went_on else ""
    yield FirstLook(
        f"Most likely an earlier run of the script created {name}: let the script create it only if it does not exist, "
        f"or go on after EntityAlreadyExists. {remains}{rest} No permission is missing; delete nothing.",
        contains(said),
        reading("iam", read, (option, name)) if read else None,
        Who.CALLER,
    )
