"""How a request gets the tags that a condition requires, and which of its resources it sends no tags for."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from diagnostics.access_denied.request.determined.never_sent import tagged_types
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.policy.decision import NearMiss
from iam.policy.request import Request
from iam.service_reference import action as known_action
from iam.service_reference import spelled
from iam.words import listing


def _patterns(action: str, kinds: Sequence[str], partition: str) -> list[str]:
    """Return a pattern for each of these resource types of the action. A pattern matches all resources of its type."""
    known = known_action(action)
    arns = {each.name.lower(): each.arn for each in known.resource_types} if known is not None else {}
    shown = (arns[each].replace("${Partition}", partition) for each in kinds if each in arns)
    return [re.sub(r"\$\{\w+\}", "*", each) for each in shown]


def apart_from_tags(key: str, request: Request, which: str, who: Who, place: str) -> Fix:
    """Return the fix for an Allow that requires a request tag on a resource for which the request sends no tags."""
    action, arn = request.action, Arn.parse(request.resource)
    known, tagged = known_action(action), tagged_types(key, action)
    required = [each.lower() for each in sorted(known.required)] if known is not None else []
    kind = arn.type if arn is not None else ""
    without = list(dict.fromkeys(each for each in (kind, *required) if each and each not in tagged))
    named = _patterns(action, without, arn.partition if arn is not None else "aws")
    statement = {"Effect": "Allow", "Action": spelled(action), "Resource": named}
    others = [each for each in tagged if each in required]
    also = (
        f" Also name {listing(others[1:], 'and')} in the statement, unless the call tags that resource."
        if len(others) > 1
        else ""
    )
    text = (
        f"Add the statement {json.dumps(statement)}. Keep {which} for the resources that the call tags.{also} The "
        "tag's value is not the cause."
    )
    return Fix(f"Allow {spelled(action)} on the {listing(without, 'and')} without {key}", who, Note(place, text))


_TAGS = regex(r"\w+:(?:tag|createtags|addtags)\w*", re.IGNORECASE)
_CREATES = regex(r"(?:Create|Run|Register|Put|Start|Import|Copy)[A-Z]\w*")


def why_tags_are_set(action: str, operation: str | None, text: str) -> str:
    """Return a sentence if a creating operation was refused only because of the tags in its request; else "".

    IAM User Guide, "Tag IAM roles" (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags_roles.html).
    """
    if not _TAGS.fullmatch(action) or not _CREATES.fullmatch(operation or ""):
        return ""
    by_default = " (the provider's default_tags)" if "default_tags" in text else ""
    return (
        f"{operation} needs {spelled(action)}, because its request sets tags{by_default}. Allow this action, or "
        "send no tags."
    )


def outside_of_tags(key: str, request: Request) -> str:
    """Return how to limit a Deny to the resources for which the action sends the tag ``key``; "" for other keys."""
    arn = Arn.parse(request.resource)
    named = _patterns(request.action, tagged_types(key, request.action), arn.partition if arn is not None else "aws")
    return f"Limit its Resource to {listing(named)}, which the call can tag." if named else ""


def on_type(key: str, passing: Sequence[str], had: Sequence[str] | None, request: Request) -> str | None:
    """Return how an EC2 command sets the tag on the denied type of resource; None for other services and keys.

    ``passing`` are the values that the condition accepts, none if it accepts any; ``had`` is what the request has.
    """
    arn, tag = Arn.parse(request.resource), key.partition("/")[2]
    if arn is None or arn.service != "ec2" or not key.lower().startswith("aws:requesttag/"):
        return None
    if had:
        values = listing(list(passing), "or")
        return (
            f"give the tag {tag} of the {arn.type} the value {values} in --tag-specifications, not "
            f"{listing(list(had))}. No policy has to change"
        )
    value = passing[0] if len(passing) == 1 and "*" not in passing[0] else "VALUE"
    specification = f"ResourceType={arn.type},Tags=[{{Key={tag},Value={value}}}]"
    how = f"add '{specification}' to --tag-specifications. No policy has to change"
    return f"set the tag {tag} on the {arn.type} too: {how}"


def all_tags(near: NearMiss, request: Request) -> str:
    """Return how an EC2 command sets the tags of several conditions on the refused type of resource; "" for one tag."""
    arn = Arn.parse(request.resource)
    tags = {
        each.key.partition("/")[2]: each.values
        for each in near.policy.document.statements[near.statement].conditions
        if each.key.lower().startswith("aws:requesttag/") and each.operator in ("StringEquals", "StringLike")
    }
    if arn is None or len(tags) < _SEVERAL or any(each.had for each in near.conditions):
        return ""
    sent = {
        tag: next((each for each in values if not re.search(r"[*?$]", each)), "VALUE") for tag, values in tags.items()
    }
    listed = ",".join(f"{{Key={tag},Value={value}}}" for tag, value in sent.items())
    others = [
        f"{tag} may also be {listing(had[1:], 'or')}"
        for tag, had in tags.items()
        if len(had) > 1 and sent[tag] == had[0]
    ]
    also = f" ({'; '.join(others)})" if others else ""
    return (
        f"set the tags {listing(list(tags))} on the {arn.type} too: add 'ResourceType={arn.type},Tags=[{listed}]' to "
        f"--tag-specifications{also}. No policy has to change"
    )


_SEVERAL = 2
