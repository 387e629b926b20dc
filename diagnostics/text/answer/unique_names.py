"""Say that a name of IAM is taken in the entire account, if a text shows or mentions another path or Region.

IAM User Guide, "IAM and AWS STS quotas", name limits, and "IAM identifiers", names and paths
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
"""

from __future__ import annotations

import re

from diagnostics.failure import Conflict
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
