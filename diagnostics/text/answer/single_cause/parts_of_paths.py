"""A request for a role or user by a part of its path, which a program took for the name."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.lazy_pattern import regex

_BY_NAME = regex(
    r"iam:(?:(?:Get|Update|Tag|Untag|Delete|AttachRole|DetachRole|Put)\w*(?:Role|User)\w*|List\w*(?:Role|User)\w+|"
    r"(?:Attach|Detach|AddRole|RemoveRole)\w+)"
)
"""Actions whose request names a role or user by its name, not by its ARN."""
_ASKED = regex(r"(?:arn:[\w-]+:iam::\d{12}:)?(?P<type>role|user)[ /](?P<name>[\w+=,.@-]+)")


def by_a_part_of_its_path(denial: Denial) -> Decision | None:
    """Return the decision for a request that names the first part of the path of the only such ARN in the text.

    IAM's operations take the name without the path: IAM User Guide, "IAM identifiers"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
    """
    asked, text = _ASKED.fullmatch(denial.resource or ""), denial.pasted or denial.text
    if asked is None or _BY_NAME.fullmatch(denial.action or "") is None:
        return None
    part, kind = asked["name"], asked["type"]
    entity = rf"\barn:[\w-]+:iam::\d{{12}}:{kind}/"
    whole = {
        found["arn"]: found["name"]
        for found in re.finditer(
            rf"(?P<arn>{entity}{re.escape(part)}/(?:[\w+=,.@-]+/)*(?P<name>[\w+=,.@-]*[\w+=@-]))(?![\w+=,@/*?$-])", text
        )
    }
    if len(whole) != 1 or re.search(rf"{entity}[\w+=,.@/-]+/{re.escape(part)}(?![\w+=,.@/-])", text):
        return None
    ((arn, name),) = whole.items()
    decision = decide(
        "not-iam",
        f"the request names the {kind} {part}, but the text has {arn}",
        f"Most likely the program treats “{part}”, a part of the path, as the {kind}'s name: the name in {arn} is "
        f"{name}. Update the program, or use a {kind} without a path. No policy has to allow “{part}”.",
        f"Let the program request the {kind} {name}",
        Who.CALLER,
        "the program that makes the call",
        f"A program that reads the part after {kind}/ as the name fails for every {kind} with a path. If an update "
        f"does not help, give the program a {kind} whose ARN has no path. The caller's {denial.action} must cover "
        f"{arn}.",
    )
    return replace(decision, nearer=True)
