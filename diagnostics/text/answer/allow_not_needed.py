"""Say what to check instead of an Allow, if the text shows that an Allow exists or that none is required."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from diagnostics.text.read.identities.pods_without_role import unbound_pod
from diagnostics.text.read.messages.additions_to_message import allowed_by
from iam.arn import identity_of
from iam.lazy_pattern import regex

if TYPE_CHECKING:
    from diagnostics.failure import Denial

_NO_PARAMETER = regex(r"arn:[\w-]+:ssm:[\w-]*:\d*:\*")
_HIERARCHY = regex(r"\bparameter\b[^\n/]{0,12}[:=\s\"'](?P<name>[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+)(?![\w/*]|:\w)")
_INSTANCE = regex(r"/i-[0-9a-fxX*]{3,17}$")
_ASSOCIATION = regex(r"(?<![A-Za-z])[Pp]od[_ -]?[Ii]dentity[_ -]?[Aa]ssociations?\b")
_NO_ALLOW = regex(r"\"(?:allowed|DecodedMessage|errorCode|eventName)\"\s*:")
_IAMS_REASON = regex(
    r"\bno\s+(?:[\w-]+\s+){1,5}allows?\s+(?:the\s+)?[\w-]+:\w+(?:\s+action)?|not\s+authori[sz]ed\s+to\s+perform:?\s+\S+",
    re.IGNORECASE,
)
"""IAM's message that nothing allows an action, even if broken across lines. The message is no evidence of an Allow."""
OTHER_LAYER = regex(
    r"\b(?:boundary|SCPs?|RCPs?|(?:service control|resource|resource-based|bucket|queue|topic|key|repository|endpoint"
    r"|session|trust) polic(?:y|ies))\b|[\"']Principal[\"']",
    re.IGNORECASE,
)
"""Words for kinds of policies other than the identity's own, such as a boundary or a bucket policy."""
_STATEMENT = regex(r"\"Action\"\s*:|\bEffect\b[\"']?\s*[:=]\s*[\"']?Allow\b|\bactions\s*=\s*\[")
_ACTION_LINE = regex(r"\bactions?[\"']?\s*[:=]\s*[^\n]*", re.IGNORECASE)
"""A field "Action" of a message or of a console's box, which is not part of a policy."""
_OF_A_PERSON = regex(r"\b(?:I|my|me|our|we|users?|groups?|permission sets?|admins?|developers?)\b", re.IGNORECASE)
_OF_A_ROLE = regex(r"\broles?\b", re.IGNORECASE)
_OF_EXISTING = regex(r"\baws:ResourceTag/[\w:.+=@-]+")
_TAGS = regex(r":(?:Create\w*|AddTags\w*|Tag[A-Z]\w*)$")
_CREATES = regex(r"\bcreat(?:e|es|ing|ion)\b|\bnew\b")


def instead_of_an_allow(denial: Denial, missing: str) -> str:
    """Return what to check before a policy is changed; "" if the text shows no reason not to add an Allow."""
    return _not_a_parameter(denial, missing) or _of_the_node(denial) or _exists(denial, missing)


def _not_a_parameter(denial: Denial, missing: str) -> str:
    """Return what to do about the requested name, if the ARN in the message cannot be a parameter's; "" otherwise.

    Systems Manager API Reference, "PutParameter": a parameter in a hierarchy is named with a leading slash
    (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html).
    """
    if not missing.lower().startswith("ssm:getparameter") or not _NO_PARAMETER.fullmatch(denial.resource or ""):
        return ""
    named = {each["name"] for each in _HIERARCHY.finditer(denial.text)}
    if len(named) == 1:
        name = named.pop()
        return (
            f"The requested name {name} matches no parameter, because its leading slash is missing: request "
            f"/{name}, and do not widen the policy."
        )
    return "Check the requested name before you look at the policy: this is not the ARN of a parameter."


def _of_the_node(denial: Denial) -> str:
    """Say why a pod's own role is not used, if the node's role made the call; "" otherwise."""
    if not _INSTANCE.search(denial.principal or ""):
        return ""
    role = identity_of(denial.principal or "")[2]
    if (unbound := unbound_pod(denial.pasted or denial.text)) is not None:
        return f"{role} is the node's role, and {unbound.why}. {unbound.remedy}"
    if not _ASSOCIATION.search(denial.text):
        return ""
    return (
        f"Find out why the pod does not use the role of the Pod Identity association in the text: {role}, which made "
        "the call, is the node's role. Do not allow the node's role to perform the action."
    )


def of_somebody_else(held: str, denial: Denial) -> bool:
    """Whether the actions ``held`` are, according to their line, a person's while a role calls, or the reverse."""
    line = next((each for each in denial.text.splitlines() if held in each), "")
    kind, name = identity_of(denial.principal or "")[1:]
    if name and name in line:
        return False
    person = kind == "user" or name.startswith("AWSReservedSSO_")
    return (_OF_A_ROLE if person else _OF_A_PERSON).search(line) is not None


_PEOPLE_HAVE = regex(
    r"\b(?:developers?|admins?|users?|groups?|permission sets?|people|colleagues?|team|operators?)\b[^.\n]{0,30}"
    r"\b(?:has|have|had|got)\b",
    re.IGNORECASE,
)


def _of_people(held: str, denial: Denial, text: str) -> bool:
    """Whether the text says that people have the action, while a role calls that no person is signed in to."""
    kind, name = identity_of(denial.principal or "")[1:]
    if kind == "user" or name.startswith("AWSReservedSSO_"):
        return False
    lines = [line for line in text.splitlines() if held in line and name not in line]
    return bool(lines) and all(_PEOPLE_HAVE.search(line) for line in lines)


def _exists(denial: Denial, missing: str) -> str:
    """Return what to compare, if the text shows a policy with the action; "" otherwise.

    The Allow may depend on a resource's tags, while the call creates the resource: tags in such a call are authorized
    without an existing resource. Amazon ECS Developer Guide, "Grant permission to tag resources on creation", and AWS
    KMS Developer Guide, "Controlling access to tags"
    (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html,
    https://docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html).
    """
    text = _IAMS_REASON.sub(" ", denial.text)
    if not _STATEMENT.search(text):
        text = _ACTION_LINE.sub(" ", text)
    held = allowed_by(missing, text)
    if (
        not held
        or ("*" in held and of_somebody_else(held, denial))
        or _of_people(held, denial, text)
        or _NO_ALLOW.search(text)
        or OTHER_LAYER.search(text)
    ):
        return ""
    if (tag := _OF_EXISTING.search(text)) and _TAGS.search(missing) and _CREATES.search(text):
        key = tag[0]
        return (
            f"Most likely the Allow in the text does not match, because it depends on {key}, and a resource that "
            f"is being created has no tags yet. Add a statement with {key.replace('Resource', 'Request', 1)} for "
            "such requests."
        )
    return (
        f"The text shows a policy that has {held}: check that the identity has this policy, that the policy's "
        "Resource covers the request, and that its conditions are met."
    )
