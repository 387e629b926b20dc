"""The resource of the denied request, as far as the text shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.access_denied.request.command import command_resource
from diagnostics.access_denied.request.resources import is_blanked
from diagnostics.access_denied.request.templates import descriptions
from diagnostics.access_denied.request.values import keys_around
from diagnostics.failure import Denial
from iam.arn import account_of
from iam.claims import AskedValues, Sourced
from iam.facts.resource_urls import resources_in_urls
from iam.lazy_pattern import regex
from iam.policy.match import names_action
from iam.regions import REGION_NAME
from iam.service_reference import action as known_action


@dataclass(frozen=True, slots=True)
class _OnResource(AskedValues):
    """The resource of a command, in the form that the engine expects."""

    on: Sourced[str] | None


def suspected_resource(pasted: Sequence[PastedPolicy], action: str) -> str:
    """Return the resource of the first conditional statement that names the action, if the text names no resource."""
    suspects = (
        each
        for one in pasted
        for each in one.document.statements
        if each.conditions and names_action(each.action or ("*",), action)
    )
    first = next(suspects, None)
    resources = first.resource or () if first is not None else ()
    known = known_action(action)
    kinds = known.resource_types if known is not None else ()
    return next((each for each in resources if any(kind.fits(each) for kind in kinds)), next(iter(resources), ""))


def called_resource(denial: Denial, action: str, outside: str, pasted: Sequence[PastedPolicy]) -> str | None:
    """Return the resource that the message, a command, code or the text ``outside`` the policies names; else None."""
    shown = (
        resource_of(denial)
        or _shown_resource(denial, action)
        or _object_in_code(denial, action)
        or _labelled_resource(outside, action)
        or _object_by_address(denial, outside, action)
        or _by_url(outside, action)
        or _of_a_cmdlet(denial, action)
        or _by_name(denial, action, outside, pasted)
    )
    return _secret_by_name(_denied_whole(shown, action, pasted), denial, pasted) if shown is not None else None


def _by_url(outside: str, action: str) -> str | None:
    """Return the only resource of the action's types that URLs outside the policies identify; None if none or many."""
    known = known_action(action)
    kinds = known.resource_types if known is not None else ()
    found = [arn for arn in resources_in_urls(outside) if any(kind.fits(arn) for kind in kinds)]
    return found[0] if len(found) == 1 else None


def _by_name(denial: Denial, action: str, outside: str, pasted: Sequence[PastedPolicy]) -> str | None:
    from diagnostics.access_denied.pasted.resource_by_name import resource_by_name  # most messages name theirs

    return resource_by_name(denial, action, outside, pasted) if pasted else None


_CUT = ("...", "…")


def _denied_whole(shown: str, action: str, pasted: Sequence[PastedPolicy]) -> str:
    """Complete a truncated resource (``arn:aws:s3:::data...``) from the only resource of a Deny that begins like it.

    Any other resource is returned unchanged.
    """
    if not shown.endswith(_CUT):
        return shown
    head = shown.rstrip(".…")
    denied = {
        each
        for one in pasted
        for statement in one.document.statements
        if statement.effect == "Deny" and names_action(statement.action or (), action)
        for each in statement.resource or ()
        if each.startswith(head) and each != head
    }
    return denied.pop() if len(denied) == 1 else shown


def resource_of(denial: Denial) -> str | None:
    """Return the resource of the request as an ARN, even if the message names a role, user or object only by name.

    None if the text does not name or has blanked the resource, or if a URL in its place identifies no resource.
    """
    if (denial.resource or "").startswith(("http://", "https://")):
        return next(iter(resources_in_urls(denial.resource or "")), None)
    if denial.resource != "*" and is_blanked(denial.resource or ""):
        return None
    if (path := _S3_PATH.fullmatch(denial.resource or "")) is not None:
        partition = next(iter(PARTITION.findall(denial.text)), "aws")
        return f"arn:{partition}:s3:::{path['object']}"
    named, account = _ENTITY.fullmatch(denial.resource or ""), account_of(denial.principal or "")
    if named is None or account is None:
        return denial.resource
    partition = (denial.principal or "").split(":")[1]
    return f"arn:{partition}:iam::{account}:{named[1]}/{named[2]}"


_S3_PATH = regex(r"s3://(?P<object>[^/\s]+/\S+)")


_SECRET = regex(
    r"arn:[\w-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:(?P<name>[^*]+?)(?:-(?:\?{6}|[A-Za-z0-9]{6}|\*)|\*)?"
)


_SUFFIX = "??????"
"""A placeholder for the six characters at the end of a secret's ARN, if the text does not show them."""


# AWS CLI User Guide, "Environment variables"
# (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html).
_SHELL_REGION = regex(
    r"(?:\bAWS(?:_DEFAULT)?_REGION[ \t]*=[ \t]*[\"']?|\bSet-DefaultAWSRegion[ \t]+(?:-Region[ \t]+)?"
    r"|\baws configure get region[ \t]*\n|\bIsShellDefault[ \t]*\n[- \t]*\n)"
    rf"({REGION_NAME})(?![\w-])"
)


def region_of_a_name(denial: Denial, on: str) -> str:
    """Return the Region in the ARN ``on``, if it was taken from the policy for a secret that the message names.

    "" if the message has an ARN, or if the text shows the Region.
    """
    parts = on.split(":")
    if ":" in (denial.resource or ":") or len(parts) < 6 or parts[2] != "secretsmanager":
        return ""
    region = keys_around(denial).get("aws:RequestedRegion")
    return "" if (region is not None and region.known) or _regions_set(denial) else parts[3]


def _regions_set(denial: Denial) -> set[str]:
    """Return the Regions that are set in the shell, according to the text."""
    return set(_SHELL_REGION.findall(denial.pasted or denial.text))


def _secret_by_name(resource: str, denial: Denial, pasted: Sequence[PastedPolicy]) -> str:
    """Return the ARN of the secret that the message gives by name, if a statement names it, in any letter case.

    The Region is that of the call, as far as the text shows it. Other resources are returned unchanged.

    Secrets Manager User Guide, "Permissions policy examples": six characters follow the name
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html).
    """
    if not (denial.action or "").lower().startswith("secretsmanager:") or ":" in resource or resource == "*":
        return resource
    named = {
        each
        for one in pasted
        for statement in one.document.statements
        for each in statement.resource or ()
        if (found := _SECRET.fullmatch(each)) is not None and found["name"].lower() == resource.lower()
    }
    if len(named) != 1:
        return resource
    parts = named.pop().split(":", 6)
    region = keys_around(denial).get("aws:RequestedRegion")
    set_ = _regions_set(denial)
    if region is not None and region.known:
        parts[3] = region.words
    elif len(set_) == 1:
        parts[3] = set_.pop()
    return ":".join([*parts[:6], f"{resource}-{re.sub(r'[?*]+', _SUFFIX, parts[6][len(resource) + 1 :]) or _SUFFIX}"])


def with_arn(denial: Denial) -> Denial:
    return replace(denial, resource=resource_of(denial))


_ENTITY = regex(r"(role|user|group|policy) ([\w+=,.@-]+)")


def only_resource(pasted: Sequence[PastedPolicy], action: str, *, deny: bool) -> str:
    """Return the resource that the statements name for the action, if all name the same one.

    If they name a bucket and its objects, the one that the action works on is returned. The result is "" if the
    statements differ. It is also "" for Allow statements, except for actions of S3 Express.
    """
    effect = "Deny" if deny else "Allow"
    named = {
        each.resource
        for one in pasted
        for each in one.document.statements
        if each.effect == effect and names_action(each.action or ("*",), action)
    }
    resources = next(iter(named)) if len(named) == 1 else None
    if not resources or (not deny and not action.lower().startswith("s3express:")):
        return ""
    known = known_action(action)
    kinds = known.resource_types if known is not None else ()
    fitting = [each for each in resources if any(kind.fits(each) for kind in kinds)]
    inner = [each for each in fitting if each.endswith("/*")] or fitting
    return resources[0] if len(resources) == 1 else inner[0] if inner else ""


PARTITION = regex(r"\barn:(aws[a-z-]*):")


def _shown_resource(denial: Denial, action: str) -> str | None:
    """Return the bucket or object of the command in the text."""
    partition = next(iter(PARTITION.findall(denial.text)), "aws")
    shown = _OnResource(command_resource(denial.text, action, denial.operation, partition))
    return shown.resource


def _object_in_code(denial: Denial, action: str) -> str | None:
    """Return the only object that calls in code name by bucket and key."""
    if not action.lower().startswith("s3:"):
        return None
    partition = next(iter(PARTITION.findall(denial.text)), "aws")
    found = {
        f"arn:{partition}:s3:::{each.parameters['bucket'][0][0]}/{each.parameters['key'][0][0]}"
        for each in descriptions(denial.text)
        if each.operation and {"bucket", "key"} <= each.parameters.keys()
    }
    found |= copied_objects(denial) if action == "s3:GetObject" else set()
    return found.pop() if len(found) == 1 else None


def copied_objects(denial: Denial) -> set[str]:
    """Return the ARNs of the objects that the text names as sources of a copy."""
    partition = next(iter(PARTITION.findall(denial.text)), "aws")
    return {f"arn:{partition}:s3:::{each}" for each in _COPIED.findall(denial.text)}


# Amazon S3 API Reference, "CopyObject": the source is a bucket and a key
# (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html).
_COPIED = regex(
    r"\b(?:copy_?source|x-amz-copy-source|copy-source)[\"']?[ \t]*[:=]?[ \t]*[\"']?/?"
    r"(?!arn:)([a-z0-9][a-z0-9.-]{2,62}/[^\s\"',;)}]+)",
    re.IGNORECASE,
)


# AWS Tools for PowerShell, "Get-S3Object" (https://docs.aws.amazon.com/powershell/latest/reference/items/Get-S3Object.html).
_BUCKET_OF_CMDLET = regex(
    r"\b(?P<verb>Get|Remove|Write|Read|Copy)-S3\w*[^\n|;]*?-BucketName[ \t:]+"
    r"[\"']?(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])"
)


def _of_a_cmdlet(denial: Denial, action: str) -> str | None:
    """Return the bucket that the S3 cmdlets of PowerShell in the text list, if all name the same one; else None."""
    if action.lower() != "s3:listbucket":
        return None
    named = {each["bucket"] for each in _BUCKET_OF_CMDLET.finditer(denial.pasted or denial.text)}
    partition = next(iter(PARTITION.findall(denial.text)), "aws")
    return f"arn:{partition}:s3:::{named.pop()}" if len(named) == 1 else None


_LABELLED = regex(
    r"^[ \t>|*-]*resource(?: arn)?[ \t]*[:=][ \t]*[\"'`]?(arn:[^\s\"'`,;)*]+)[\"'`]?[ \t]*$", re.MULTILINE
)


# AWS Lambda API Reference, "CreateEventSourceMapping", EventSourceArn; Amazon EventBridge Pipes API Reference,
# "CreatePipe", Source (https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html,
# https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_CreatePipe.html).
_EVENT_SOURCE = regex(
    r"\b(?:event[ _-]?)?source(?:[ _-]?arn)?[\"'`]?[ \t]*[:=]?[ \t]*[\"'`(]?(arn:[^\s\"'`,;)*]*[^\s\"'`,;)*.:])",
    re.IGNORECASE,
)


def _labelled_resource(outside: str, action: str) -> str | None:
    """Return the only resource that a labeled line outside the policies gives for the call: ``resource: arn:…``.

    The source of events of a mapping or pipe is such a resource, too: ``source arn:…``.
    """
    known = known_action(action)
    kinds = known.resource_types if known is not None else ()
    labelled = _LABELLED.findall(outside) or _EVENT_SOURCE.findall(outside)
    found = {each for each in labelled if any(kind.fits(each) for kind in kinds)}
    return found.pop() if len(found) == 1 else None


_ADDRESS = regex(r"(?<![\w/])s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/([^\s\"'`,;)*]*[^\s\"'`,;)*./])(?=[\s\"'`,;).]|$)")


def _object_by_address(denial: Denial, outside: str, action: str) -> str | None:
    """Return the object whose read failed, if the text has its address: the only one, or the first of one folder."""
    if action.lower() != "s3:getobject" or denial.operation not in ("HeadObject", "GetObject"):
        return None
    found = list(dict.fromkeys(_ADDRESS.findall(outside)))
    if len({(bucket, key.rpartition("/")[0]) for bucket, key in found}) != 1:
        return None
    partition = next(iter(PARTITION.findall(denial.text)), "aws")
    return f"arn:{partition}:s3:::{'/'.join(found[0])}"
