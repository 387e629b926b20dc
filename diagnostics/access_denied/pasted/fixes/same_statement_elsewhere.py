"""What the closest statement names in addition, if the request is for another resource than the statement's."""

from __future__ import annotations

import re

from iam.arn import Arn
from iam.policy.decision import Fault, NearMiss
from iam.policy.match import resource_matcher
from iam.service_reference import action as known_action
from iam.words import listing

_MOST = 6
_LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
"""The actions with which a program writes its log, one after the other.

Amazon CloudWatch Logs User Guide, "Overview of managing access permissions"
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html).
"""


def log_statement(near: NearMiss, action: str, on: str) -> dict[str, object]:
    """Return the statement that lets a program write to another log group as to that of the closest statement.

    Empty if the action or the statement is about something else. The first call that is allowed is followed by the
    others, so all of the statement's actions for writing a log are in it.
    """
    written = [each for each in _LOGS if each in _named(near)]
    resources = _renamed(near, on)
    if action not in written or len(written) < 2 or not resources:
        return {}
    return {"Effect": "Allow", "Action": written, "Resource": resources}


def also_named(near: NearMiss, action: str, which: str) -> str:
    """Return a sentence on the statement's other actions, which do not cover the requested resource either; "" if none.

    Only actions on the same type of resource are named.
    """
    others = [each for each in _named(near) if each.lower() != action.lower() and _on_same_type(each, action)]
    if near.fault is not Fault.RESOURCE_MISMATCH or near.element != "Resource" or not 0 < len(others) <= _MOST:
        return ""
    do, them = ("does", "it") if len(others) == 1 else ("do", "them")
    return (
        f" {listing(others)} of {which} {do} not cover this resource either: add {them} to the new statement if the "
        "program makes these calls on it, too."
    )


def _named(near: NearMiss) -> list[str]:
    """Return the actions that the statement names without a wildcard."""
    named = near.policy.document.statements[near.statement].action or ()
    return [each for each in named if not set("*?") & set(each)]


def _on_same_type(one: str, other: str) -> bool:
    """Return whether two actions of a service apply to a common type of resource."""
    ours, theirs = known_action(one), known_action(other)
    if ours is None or theirs is None or one.partition(":")[0].lower() != other.partition(":")[0].lower():
        return False
    return bool({each.name for each in ours.resource_types} & {each.name for each in theirs.resource_types})


def _renamed(near: NearMiss, on: str) -> list[str]:
    """Return the statement's resources with the requested name in place of theirs.

    Empty if no name, in the same place of all of them, is the only difference.
    """
    asked, found = Arn.parse(on), []
    for each in near.wanted if asked is not None else ():
        arn = Arn.parse(each)
        if (
            arn is None
            or asked is None
            or (arn.service, arn.region, arn.account) != (asked.service, asked.region, asked.account)
        ):
            return []
        ours, theirs = re.split("([:/])", asked.resource), re.split("([:/])", arn.resource)
        at = next((n for n, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), None)
        if at is None or set("*?$") & set(theirs[at]):
            return []
        theirs[at] = ours[at]
        found.append(f"{each.removesuffix(arn.resource)}{''.join(theirs)}")
    return found if any(resource_matcher(each)(on) for each in found) else []
