"""Causes that concern the resource of an action.

Part of the ARN is missing, the action also needs another resource type, or it supports no resource type. Source:
Service Authorization Reference, each service's resource types.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.diagnosis import FirstLook, Probe
from diagnostics.text.causes.build_causes import (
    AN_ALLOW_HELPS,
    WHO_AM_I,
    contains,
    reading,
)
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.messages.additions_to_message import allowed_by
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.service_reference import Action, action, has_resource_types
from iam.words import listing

# CloudWatch Logs API reference, "LogGroup"
# (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html).
_WITHOUT_STAR = ("logs:tagresource", "logs:untagresource", "logs:listtagsforresource")
# Service Authorization Reference, the resource types of EKS and ECS that a cluster holds.
_HELD = regex(
    r"(?P<kind>podidentityassociation|nodegroup|fargateprofile|addon|access-entry|identityproviderconfig|service|task"
    r"|container-instance)/(?P<cluster>[\w-]+)/"
)


def parts_of_resources(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for resources with a part that policies often leave out: an index, a version, a stream."""
    if signs.target is None or signs.layer not in ("", "identity"):
        return
    resource, region = signs.target.resource, signs.region
    match signs.target.service:
        case "dynamodb" if "/index/" in resource or "/stream/" in resource:
            word = "index" if "/index/" in resource else "stream"
            table = "/".join(resource.split("/")[:2])
            an = "An index" if word == "index" else "A stream"
            name = table.partition("/")[2]
            yield _part(signs, f"{an} is a separate resource: also allow table/{name}/{word}/*.", table)
        case "logs" if signs.action in _WITHOUT_STAR:
            if resource.startswith("log-group:"):
                yield _part(
                    signs,
                    f"Unlike for most CloudWatch Logs actions, for {signs.denial.action} the policy must name the log "
                    "group's ARN without a trailing :*.",
                    f"{resource.removesuffix(':*')}:*",
                )
        case "logs" if ":log-stream:" in resource and not _names_its_streams(signs):
            yield _part(
                signs,
                "The group's ARN needs :* at its end (log-group:NAME:*), or it does not cover this resource."
                if resource.endswith(":log-stream:")
                else "Log streams are separate resources: the policy needs log-group:NAME:* (with :*) as well as the "
                "group.",
                resource.partition(":log-stream:")[0],
            )
        case "states" if signs.action in ("states:stopexecution", "states:describeexecution"):
            machine = resource.split(":")[1] if resource.startswith("execution:") else ""
            yield _part(
                signs,
                "This action applies to executions (execution:MACHINE:*), not to the state machine.",
                f"stateMachine:{machine}" if machine else "",
            )
        case "secretsmanager" if said := _without_suffix(signs):
            yield FirstLook(
                f"The text names {said} without the dash and six random characters that end a secret's ARN: a policy "
                "that uses this name does not cover the secret. NAME-?????? does.",
                contains(said),
                signs.caller_read,
                Who.ACCOUNT_ADMIN,
                ruled_out_by=("identity",),
            )
        case "ssm" if resource == "*" and signs.action.startswith("ssm:getparameter"):
            yield FirstLook(
                "The ARN in the message is not the ARN of a parameter. Often the requested name is empty or mistyped, "
                "or no parameter in this account and Region has the name. Check the name before the policies.",
                signs.resource_is,
                reading("ssm", "describe-parameters", region=region, query="Parameters[].Name"),
                Who.CALLER,
            )
        case "ssm" if "parameter" in resource and (said := signs.quote(r"arn:[\w-]+:ssm:\S*?:parameter//\S*")):
            yield FirstLook(
                "A parameter's ARN has one slash before its path (parameter/PATH), even if its name begins with a "
                "slash. With two slashes, a policy covers no parameter.",
                contains(said),
                signs.caller_read,
                Who.ACCOUNT_ADMIN,
                ruled_out_by=("identity",),
            )
        case "eks" | "ecs" if (holder := _HELD.match(resource)) is not None:
            kind, cluster = holder["kind"], holder["cluster"]
            yield _part(
                signs,
                f"The resource is the {kind}: a statement for the cluster's ARN does not cover it, one for "
                f"{kind}/{cluster}/* does.",
                f"cluster/{cluster}",
            )
        case "lambda" if resource.count(":") > 1:
            yield _part(
                signs,
                "A version, alias or layer version is a separate resource: allow the ARN including the part after "
                "the last colon.",
                resource.rpartition(":")[0],
            )
        case "ses" if resource.startswith("identity/"):
            who = signs.role or signs.user or "the caller"
            yield _part(
                signs,
                f"Most likely the policies of {who} do not allow {signs.denial.action} on "
                f"identity/{resource.partition('/')[2]}. The policies must allow this ARN; the ARN of its domain or "
                "of another address is not enough. In the sandbox, SES also checks the recipients' identities.",
            )
        case "cloudformation" if "transform/" in resource:
            yield _part(signs, "The template uses a transform (SAM's or a macro): allow it as a resource.")


def _names_its_streams(signs: Signs) -> bool:
    """Whether the text has an ARN that ends with ``:*`` and so covers the group's log streams."""
    group = signs.target.resource.partition(":log-stream:")[0] if signs.target is not None else ""
    text = signs.denial.pasted or signs.denial.text
    return f"{group}:*" in text or "log-group:*" in text


def _without_suffix(signs: Signs) -> str:
    """The denied secret's ARN without its suffix, if the text also contains that shorter ARN; else ""."""
    named = re.fullmatch(r"(?P<name>.+)-[A-Za-z0-9]{6}", str(signs.target))
    text = signs.denial.pasted or signs.denial.text
    return named["name"] if named and re.search(rf"{re.escape(named['name'])}(?![\w/+=.@?*-])", text) else ""


def _part(signs: Signs, cause: str, parent: str = "", check: str | None = None) -> FirstLook:
    """Return a cause in the caller's own policies: they allow the action on the container, not on the part.

    ``parent`` is the resource part of the container's ARN (a bucket, a cluster). The cause applies if the policies
    allow the action on it; "" if this cannot be tested.
    """
    assert signs.target is not None
    holder = str(replace(signs.target, resource=parent)) if parent else ""
    return FirstLook(
        cause,
        signs.resource_is,
        check or signs.caller_read,
        Who.ACCOUNT_ADMIN,
        ruled_out_by=("identity",),
        probe=Probe(signs.action, holder, allowed=True, decides=True) if holder else None,
    )


_ROLE_TO_CHECK = r"\b(?:ensure|verify|make sure)\b[^.\n]{0,40}\brole\b[^.\n]{0,20}\b(?:has|have|allows?)\b"
"""A pattern of a service's sentence that blames a role other than the caller's."""
_PUBLIC = ("cognito-identity:getid", "cognito-identity:getcredentialsforidentity", "cognito-identity:getopenidtoken")
"""Calls that need no credentials (https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html)."""


def without_resource(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the action has no resource types, so that only ``*`` allows it.

    Source: Service Authorization Reference.
    """
    # SQS and other services name the Region and account but no resource: "arn:aws:sqs:eu-west-1:111122223333:".
    nothing = signs.denial.resource in (None, "*") or (signs.target is not None and not signs.target.resource)
    if signs.layer not in ("", "identity") or signs.denied_explicitly or not nothing:
        return
    if signs.action not in signs.denial.text.lower() and signs.says(_ROLE_TO_CHECK):
        return
    if signs.action in _PUBLIC and not signs.denial.principal:
        yield FirstLook(
            "The call needs no permission of the caller: it is public, and the identity pool decides. An identity that "
            "signed in needs a valid token from a login provider that the pool knows; without a token, the pool must "
            "allow guests. The pool's roles must trust cognito-identity.amazonaws.com for this pool.",
            signs.action_is,
            reading("cognito-identity", "list-identity-pools", ("max-results", "60")),
            Who.RESOURCE_OWNER,
        )
    elif has_resource_types(signs.action) is False:
        yield FirstLook(
            f"{_only_for_all(signs)}{_one_bucket(signs)}",
            signs.action_is,
            signs.caller_read or (None if signs.names_caller else WHO_AM_I),
            Who.ACCOUNT_ADMIN,
            ruled_out_by=("identity",),
            asserts=AN_ALLOW_HELPS,
        )


def _only_for_all(signs: Signs) -> str:
    """Return what to change for an action that only a statement with Resource "*" allows."""
    action = signs.denial.action
    if (signs.denial.resource or "*") != "*":  # AWS checks some of these actions on an ARN of all of a kind
        return f'{action} does not apply to single resources: allow it in a statement with Resource "*".'
    listed = signs.denial.pasted and not signs.layer and allowed_by(signs.action, signs.denial.pasted, managed=True)
    if signs.granted or listed:
        return (
            f'{action} cannot be limited to single resources: only a statement with Resource "*" allows it, and a '
            "statement that names resources has no effect."
        )
    nothing = "No identity-based policy of the caller" if signs.layer else "Most often no policy of the caller"
    return (
        f'{nothing} allows {action}: allow it with Resource "*". It cannot be limited to single resources, so a '
        "statement that names resources has no effect."
    )


_BUCKET_NAMED = regex(
    r"(?:arn:[\w-]+:s3:::|\bs3://|\b[Bb]ucket:?[ \t]+[\"'`]?)"
    r"(?P<name>[a-z0-9](?=[a-z0-9.]*[.\d-])[a-z0-9.-]{1,61}[a-z0-9])"
)


def _one_bucket(signs: Signs) -> str:
    """Return how to open the only bucket in the text without listing all buckets.

    re:Post, "How can I grant a user Amazon S3 console access to only a certain bucket or folder?"
    (https://repost.aws/knowledge-center/s3-console-access-certain-bucket).
    """
    named = {found["name"] for found in _BUCKET_NAMED.finditer(signs.denial.pasted or signs.denial.text)}
    if signs.action != "s3:listallmybuckets" or len(named) != 1:
        return ""
    name = named.pop()
    return (
        f" If you need only the bucket {name}, that permission is not needed: open "
        f"https://s3.console.aws.amazon.com/s3/buckets/{name} (or list s3://{name}), which needs s3:ListBucket on the "
        "bucket."
    )


_ASKED_TOGETHER = frozenset(("appconfig", "bedrock-agentcore", "dms", "ec2", "ecs", "glue", "rds", "ses", "sso"))
"""Services that check all resource types of an action at once. For other services, they may be alternatives."""


def _kind_in_words(kind: str) -> str:
    """A resource type in words. AWS lists Glue's catalog as two types, one of them ``rootcatalog``."""
    return {"rootcatalog": "catalog"}.get(kind, kind.strip("/").replace("-", " ").replace("/", " "))


_TOGETHER = 3
"""The maximum number of further resource types in one request."""


def _named_by(known: Action) -> str:
    """Return the resource type that the action's name contains after its verb (WebACL of CreateWebACL); "" if none."""
    noun = re.sub(r"^[A-Z][a-z]+", "", known.name.partition(":")[2]).lower()
    return next((each.name for each in known.resource_types if re.sub(r"\W", "", each.name).lower() == noun), "")


def another_kind(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the denied resource is of another type than the one that the action's name contains.

    Service Authorization Reference, "Actions table": an action is checked on each resource that the request names.
    """
    known = action(signs.action)
    if known is None or signs.target is None or signs.layer not in ("", "identity") or signs.denied_explicitly:
        return
    kinds = [each.name for each in known.resource_types if each.fits(str(signs.target))]
    main = _named_by(known)
    if len(kinds) != 1 or not main or main == kinds[0] or signs.service == "s3" or signs.denial.missing_action:
        return
    name = _kind_in_words(kinds[0])
    yield FirstLook(
        f"{known.name} is checked not only on the {_kind_in_words(main)}, but also on the {name} that the call refers "
        f"to: allow it on this {name} as well.",
        signs.resource_is,
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        ruled_out_by=("identity",),
        asserts=AN_ALLOW_HELPS,
    )


def kinds_of_resource(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the action also needs resource types other than the denied one.

    Service Authorization Reference: many actions are checked on several resource types at once, and a policy that names
    only the first does not cover the others.
    """
    known = action(signs.action)
    if (
        known is None
        or signs.target is None
        or signs.action in ("ec2:runinstances", "ec2:createvolume")  # said by `ec2`
        or re.match(r"(?:un)?tag|list\w*tags", signs.action.partition(":")[2])
        or signs.denial.missing_action
        or signs.layer not in ("", "identity")
        or signs.denied_explicitly
    ):
        return
    kinds = [each for each in known.resource_types if each.fits(str(signs.target))]
    if len(kinds) != 1:
        return
    name = _kind_in_words(kinds[0].name)
    if signs.service not in _ASKED_TOGETHER or known.required <= {kinds[0].name}:
        return
    others = sorted(_kind_in_words(each) for each in known.required - {kinds[0].name})
    if len(others) > _TOGETHER:
        return  # the list has types of which a request has only one
    yield FirstLook(
        f"A statement that allows {known.name} must cover every resource of the request: this {name}, and also the "
        f"{listing(others)}.",
        signs.resource_is,
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        ruled_out_by=("identity",),
        asserts=AN_ALLOW_HELPS,
    )
