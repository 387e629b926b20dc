"""Say that a name of IAM is taken in the entire account, if a text shows or mentions another path or Region.

IAM User Guide, "IAM and AWS STS quotas", name limits, and "IAM identifiers", names and paths
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
"""

from __future__ import annotations

import re

from diagnostics.failure import Conflict
from iam.arn import account_of
from iam.lazy_pattern import regex

_KINDS = {
    "role": "role",
    "user": "user",
    "group": "group",
    "policy": "policy",
    "instance-profile": "instance profile",
}
_OTHER_PLACE = regex(
    r"\b(?:different|another|other|new|separate) (?:path|region)\b|\bpath is different\b",
    re.IGNORECASE,
)


def unique_in_the_account(conflict: Conflict) -> str:
    """Return that neither path nor Region makes it another name; "" if the text shows or mentions neither."""
    kind = _KINDS.get(conflict.entity_type or "")
    if kind is None or not conflict.name:
        return ""
    name = conflict.name.rpartition("/")[2]
    if kind == "policy" and (elsewhere := _not_under_its_arn(name, conflict.text)):
        return elsewhere
    found = re.search(
        rf"arn:[\w-]+:iam::\d{{12}}:{conflict.entity_type}/(?P<path>(?:[\w+=,.@-]+/)+){re.escape(name)}(?![\w+=@/-]|[,.]\w)",
        conflict.text,
    )
    if found is None and not _OTHER_PLACE.search(conflict.text):
        return ""
    where = f" in the path /{found['path']}" if found is not None else ""
    return (
        f"The name {name} is taken{where}: names of this kind ({kind}) are unique in the entire account, whatever the "
        "path, the Region and the letter case. Choose another name, or take over the existing one, whose path cannot "
        "be changed."
    )


def _not_under_its_arn(name: str, text: str) -> str:
    """Return where else a policy is whose name is taken, if the text shows that none has the ARN asked for; else "".

    IAM API Reference, "CreatePolicy": the name is unique in the account, whatever the path and the letter case
    (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html).
    """
    arn = rf"(?P<arn>arn:[\w-]+:iam::\d{{12}}:policy/(?:[\w+=,.@-]+/)*{re.escape(name)})(?![\w+=@/-]|[,.]\w)"
    missing = re.search(
        rf"\bNoSuchEntity\b[^\n]{{0,200}}{arn}"
        rf"|{arn.replace('<arn>', '<last>')}[^\n]{{0,60}}\b(?:was not found|does not exist|cannot be found)",
        text,
    )
    if missing is None:
        return ""
    asked = missing["arn"] or missing["last"]
    others = {found["arn"] for found in re.finditer(arn, text, re.IGNORECASE)} - {asked}
    others = {each for each in others if account_of(each) == account_of(asked)}
    shown = f" The text names {others.pop()}." if len(others) == 1 else ""
    return (
        f"The policy {name} most likely exists with another path or letter case: a policy's name is unique in the "
        f"account, but get-policy finds only the exact ARN.{shown} Find the policy with list-policies, then import "
        "it or choose another name. If list-policies does not show it, the tool uses another account."
    )
