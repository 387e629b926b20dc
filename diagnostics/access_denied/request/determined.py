"""Condition keys whose values the service determines, or which requests to the service never contain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from diagnostics.access_denied.request.command import commands_in
from diagnostics.access_denied.request.operation import receiving_service
from diagnostics.access_denied.request.templates import described_types, descriptions
from diagnostics.failure import Denial
from diagnostics.text.read.identities.own_address import own_address
from diagnostics.text.read.layout.record_types import (
    RECORD_ACTIONS,
    RECORD_TYPE,
    RECORD_TYPES,
    listed_changes,
    writes_txt,
)
from iam.arn import Arn, account_of
from iam.claims import Keys, Source, Sourced, Values
from iam.facts.global_services import global_region
from iam.lazy_pattern import regex
from iam.passed_roles import PASSED_TO, principal_of_operation, principals_of_operation
from iam.policy.condition_keys import Presence, presence
from iam.policy.principal import Kind, caller
from iam.regions import REGION_NAME
from iam.service_reference import Action, condition_keys, keys_on, services
from iam.service_reference import action as known_action
from iam.words import listing

SESSION_MODE = "s3express:SessionMode"
OTHER_SERVICES_KEYS = frozenset(
    {"ec2:sourceinstancearn", "ec2:roledelivery", "lambda:sourcefunctionarn", "ssm:sourceinstancearn"}
    | {"glue:credentialissuingservice", "identitystore:userid", "ecs:sourcetaskarn", "bedrock:sourceagentarn"}
)
"""Keys with one service's prefix that requests to other services contain: properties of the session (IAM User Guide,
"AWS global condition context keys":
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
"""
_ASKS_READ_ONLY = regex(r"(?<!s3express:)session[_-]?mode[\"':= ]{1,4}ReadOnly", re.IGNORECASE)
_HANDLER = regex(r"\bAPI: (?P<service>[A-Za-z0-9-]{2,30})(?::\w+)? User: ")
_RECEIVERS = {
    "cloudformation": "cloudformation.amazonaws.com",
    "codebuild": "codebuild.amazonaws.com",
    "glue": "glue.amazonaws.com",
    "lambda": "lambda.amazonaws.com",
    "states": "states.amazonaws.com",
}
"""The service that CloudFormation called → the principal that gets the role.

Services that pass roles to several principals are omitted.
"""


def determined_keys(denial: Denial, action: str, resource: str, asked: Iterable[str]) -> Keys:
    """Return the condition keys of the denied request that are known beyond what its text shows.

    ``asked`` are the condition keys in the text's policies. Keys that no such request contains are returned as absent,
    and their source says why. ``resource`` is the requested resource, or a pattern for it.
    """
    return {**dict(_absent(denial, action, resource, asked)), **dict(_given(denial, action, resource))}


def _given(denial: Denial, action: str, resource: str) -> Iterator[tuple[str, Sourced[Values]]]:
    low = action.lower()
    target = Arn.parse(resource)
    kind = caller(denial.principal).kind if denial.principal else None
    if low == "iam:passrole" and (service := passed_to(denial)):
        yield "iam:PassedToService", Sourced((service,), Source.COMMAND, "the operation passes the role to it")
    if low == "s3:putobject" and denial.principal in _OF_LOGS:
        yield "s3:x-amz-acl", Sourced((_TO_THE_OWNER,), Source.DEFAULT, "the service sends it with each log file")
    if low == "s3express:createsession":
        # Amazon S3 API Reference, "CreateSession", x-amz-create-session-mode: a call without it falls back to ReadOnly
        # where the policies allow only that (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html).
        if _ASKS_READ_ONLY.search(denial.text):
            yield SESSION_MODE, Sourced(("ReadOnly",), Source.GUESS, "the text asks for a ReadOnly session")
        else:
            why = "a call that asks for no mode falls back to ReadOnly, so a refused one asks for ReadWrite"
            yield SESSION_MODE, Sourced(("ReadWrite",), Source.GUESS, why)
    yield from _of_the_network(denial)
    if any(each.performs(action) for each in commands_in(denial.text)):
        yield "aws:ViaAWSService", Sourced(("false",), Source.COMMAND, "the command calls the service itself")
        yield from _of_a_call_of_kms(low, "the command calls KMS itself")
    elif low.startswith("kms:") and _is_sent(denial.text, action):
        yield from _of_a_call_of_kms(low, "the program calls KMS itself")
    if low.startswith("kms:") and denial.principal and (account := account_of(denial.principal)):
        yield "kms:CallerAccount", Sourced((account,), Source.TEXT, denial.principal)
    if low == "ec2:createtags" and _HAS_AN_ID.search(resource):
        yield "ec2:CreateAction", Sourced((), Source.DEFAULT, "what has an ID exists already, so no call creates it")
    elif low == "ec2:createtags" and (creates := _creating(denial.text)):
        yield "ec2:CreateAction", Sourced((creates,), Source.COMMAND, f"the call that creates it is {creates}")
    elif low == "ec2:createtags" and _EXISTS.search(denial.text):
        yield "ec2:CreateAction", Sourced((), Source.DEFAULT, "what exists already is tagged, so no call creates it")
    if low == "route53:changeresourcerecordsets":
        yield from _of_records(denial.pasted or denial.text)
    if low == "s3:listbucket" and (prefix := _prefix(denial)) is not None:
        yield "s3:prefix", Sourced((prefix,), Source.COMMAND, "the command lists that prefix")
    cluster = _CLUSTER.match(resource)
    if cluster is not None:
        arn = f"{cluster['start']}:cluster/{cluster['name']}"
        yield "ecs:cluster", Sourced((arn,), Source.TEXT, arn)
    if low == "sts:assumerole" and kind is Kind.USER and _sends_no_code(denial):
        yield "aws:MultiFactorAuthPresent", Sourced((), Source.GUESS, "the command sends no MFA code (--token-code)")
    service = low.partition(":")[0]
    region = global_region(service, target.partition if target else "aws") or (target.region if target else "")
    region = region or _of_the_endpoint(denial.pasted or denial.text, service)
    if region and "*" not in region:
        yield "aws:RequestedRegion", Sourced((region,), Source.TEXT, region)


_ENDPOINT_OF_SERVICE = regex(
    rf"(?<![\w-])(?P<service>[a-z][a-z0-9-]{{1,30}})\.(?P<region>{REGION_NAME})\.(?:amazonaws\.com|api\.aws)\b"
)


def _of_the_endpoint(text: str, service: str) -> str:
    """Return the Region in the only endpoint of the service that the text names; "" if there is none or several."""
    regions = {found["region"] for found in _ENDPOINT_OF_SERVICE.finditer(text) if found["service"] == service}
    return regions.pop() if len(regions) == 1 else ""


def _of_records(text: str) -> Iterator[tuple[str, Sourced[Values]]]:
    actions, types = listed_changes(text)
    if types:
        yield RECORD_ACTIONS, Sourced(actions, Source.TEXT, "the changes in the text")
        yield RECORD_TYPES, Sourced(types, Source.TEXT, "the changes in the text")
    elif why := writes_txt(text):
        yield RECORD_TYPES, Sourced((RECORD_TYPE,), Source.GUESS, why)


_OF_LOGS = ("cloudtrail.amazonaws.com", "config.amazonaws.com", "delivery.logs.amazonaws.com")
_TO_THE_OWNER = "bucket-owner-full-control"
"""The ACL that these services send with what they deliver: AWS's own policies for such buckets ask for it.

AWS CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail"
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html); AWS Config
Developer Guide, "Permissions for the Amazon S3 bucket"
(https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html); CloudWatch Logs User Guide, "Enable
logging from AWS services" (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html).
"""


def _is_sent(text: str, action: str) -> bool:
    """Return whether the program in the text itself calls the operation of KMS."""
    name = action.partition(":")[2].lower()
    if any((each[1] or each[2] or name).lower() == name for each in _SENT_TO_KMS.finditer(text)):
        return True
    described = (each for each in descriptions(text) if each.operation and each.source is Source.COMMAND)
    return any(each.describes(action) for each in described)


_SENT_TO_KMS = regex(
    r"\boperation error KMS: (\w+)|\bwhen calling the (\w+) operation\b"
    r"|\(Service: (?:AWSKMS; |Kms, )(?![^\n]*HandlerErrorCode)"
)
"""How the SDKs for Go, Python and Java report an operation of KMS that the program itself called.

A service that uses a key for the program reports its own operation.
"""


def _of_a_call_of_kms(action: str, why: str) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield kms:ViaService and kms:GrantIsForAWSResource for a call that goes directly to KMS.

    AWS KMS Developer Guide, "AWS KMS condition keys", kms:ViaService and kms:GrantIsForAWSResource
    (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html).
    """
    if action.startswith("kms:"):
        yield "kms:ViaService", Sourced((), Source.COMMAND, why)
    if action == "kms:creategrant":
        yield "kms:GrantIsForAWSResource", Sourced(("false",), Source.COMMAND, why)


_CREATES = regex(
    r"(?<![\w\"'])(?:(?P<kebab>run-instances|create-(?!tags\b)[a-z]+(?:-[a-z]+){0,4})|(?P<camel>RunInstances|Create(?!Tags|Action)"
    r"[A-Z]\w+))(?![\w\"'-])"
)


def _creating(text: str) -> str:
    """Return the EC2 operation that creates something according to the text; "" if it names none, or several.

    IAM evaluates ec2:CreateTags with the name of that operation (Amazon EC2 User Guide, "Grant permission to tag Amazon
    EC2 resources during creation":
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html).
    """
    written = (
        each["camel"] or each["kebab"].replace("-", " ").title().replace(" ", "") for each in _CREATES.finditer(text)
    )
    found = {each for each in written if known_action(f"ec2:{each}") is not None}
    return found.pop() if len(found) == 1 else ""


_HAS_AN_ID = regex(r"/[a-z]+-(?:[0-9a-f]{8}|[0-9a-f]{17})$")
_EXISTS = regex(r"\b(?:tags?|tagging|retag\w*)\b[^.\n]{0,40}\b(?:existing|already exist\w*|running)\b", re.IGNORECASE)
_MAKES = regex(
    r"\bError: creating\b|\bCREATE_FAILED\b|when calling the (?:Create(?!Tags)|Run|Register|Import|Allocate)[A-Z]?\w*"
    r" operation|\bfailed to create\b"
    r"|\boperation error [\w .&-]{2,60}: (?:Create(?!Tags|Grant)|Run|Register|Import|Allocate)[A-Z]?\w*,"
)
_TAGS = regex(r"[\w-]+:(?:tag\w+|createtags|addtags\w*|\w+tagging)$")
IS_NEW = "what is just created has no tags yet"


def _is_created(denial: Denial, action: str) -> bool:
    """Return whether the denied request adds tags to what the same call creates.

    IAM User Guide, "Controlling access to AWS resources using tags": aws:RequestTag is for the tags that a request
    passes, aws:ResourceTag for those that the resource has already
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html).
    """
    return _TAGS.match(action.lower()) is not None and _MAKES.search(denial.text) is not None


_CLUSTER = regex(
    r"(?P<start>arn:[\w-]+:ecs:[\w-]+:\d{12}):(?:service|task|container-instance|task-set)/(?P<name>[\w-]+)/"
)
"""Long ECS ARNs, which contain the cluster's name (Amazon ECS Developer Guide, "Amazon Resource Names (ARNs) and IDs":
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html).
"""


def _prefix(denial: Denial) -> str | None:
    """Return the prefix in the text's only ``aws s3 ls``; None if there is none or several."""
    listed = [each for each in commands_in(denial.text) if each.text == "aws s3 ls" and each.paths]
    return listed[0].paths[0].removeprefix("s3://").partition("/")[2] if len(listed) == 1 else None


def _sends_no_code(denial: Denial) -> bool:
    """Return whether the text's command assumes the role with long-term keys and without an MFA code."""
    if _SAYS_NO_CODE.search(denial.text):
        return True
    commands = [each for each in commands_in(denial.text) if each.performs("sts:AssumeRole")]
    return bool(commands) and all(
        each.whole and not {"serial-number", "token-code", "profile"} & dict(each.options).keys() for each in commands
    )


_SAYS_NO_CODE = regex(
    r"\b(?:did(?: not|n't)|without|forgot|no|not|never)\b[^.\n]{0,30}"
    r"(?:--token-code|--serial-number|\bmfa (?:code|token)\b)",
    re.IGNORECASE,
)


def _of_the_network(denial: Denial) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield what the text shows about the network: no TLS, the command's VPC endpoint, or the caller's address."""
    if (plain := _PLAIN_HTTP.search(denial.text)) is not None:
        yield "aws:SecureTransport", Sourced(("false",), Source.COMMAND, plain[0])
    endpoints = set(_ENDPOINT.findall(denial.text))
    if endpoints:
        for id in endpoints if len(endpoints) == 1 else ():
            yield "aws:SourceVpce", Sourced((id,), Source.COMMAND, f"--endpoint-url has {id}")
        return
    if address := own_address(denial.text):
        yield "aws:SourceIp", Sourced((address,), Source.TEXT, "the address in the text")


_PLAIN_HTTP = regex(
    r"--endpoint-url[= ][\"']?http://[\w.-]+\.amazonaws\.com(?:\.cn)?"
    r"|\b(?:endpoint_?(?:url|override)|AWS_ENDPOINT_URL\w*)[\"']?[ \t]*[=:][ \t]*[\"']?http://[\w.-]+\.amazonaws\.com(?:\.cn)?"
    r"|\buse_ssl[ \t]*=[ \t]*False\b",
    re.IGNORECASE,
)
"""The settings of the AWS CLI and SDKs with which a call goes to AWS without TLS."""
_ENDPOINT = regex(r"\b(vpce-[0-9a-f]{8,17})-[a-z0-9]{6,10}\.[a-z0-9.-]+\.vpce\.amazonaws\.com")


def passed_to(denial: Denial) -> str | None:
    """Return the service that gets the role of a denied iam:PassRole, or None if it is unknown."""
    if service := receiving_service(denial) or _named_receiver(denial):
        return service
    if len(made := {each for kind in described_types(denial.text) if (each := _receiver_of(*kind))}) == 1:
        return made.pop()
    called = {
        principal
        for each in commands_in(denial.text)
        if (principal := principal_of_operation("".join(part.capitalize() for part in each.operation.split("-"))))
    }
    called |= set(filter(None, map(_receiver_of_method, _METHOD.finditer(denial.pasted or denial.text))))
    if len(called) == 1:
        return called.pop()
    if (handler := _HANDLER.search(denial.text)) is not None:
        return _RECEIVERS.get(handler["service"].lower())
    from diagnostics.text.causes.denials.passing_roles import receiver_in_words  # most texts name the operation

    message = _MESSAGE.search(denial.text)
    return (message and receiver_in_words(message["before"])) or None


_MESSAGE = regex(
    r"^(?P<before>[^\n]{1,200}?)\b(?:User|Principal): arn:\S+ is not authorized to perform: iam:PassRole\b", re.M
)
"""What a program writes before IAM's message in the same line: "Failed to register task definition in ECS: "."""


def _named_receiver(denial: Denial) -> str | None:
    """Return the service that gets the role: the only service with the operation that the text names."""
    named = [
        each
        for each in principals_of_operation(denial.operation or "")
        if re.search(rf"(?<![A-Za-z]){each.partition('.')[0]}(?![A-Za-z]|\.amazonaws)", denial.text, re.IGNORECASE)
    ]
    return named[0] if len(named) == 1 else None


_METHOD = regex(r"(?<![\w.])(?P<of>[A-Za-z]\w*)\.(?P<name>[a-z]+(?:_[a-z0-9]+)+|[a-z]+[A-Z]\w*)\(")
"""A call of an SDK's client: ``glue.create_job(``."""


def _receiver_of_method(call: re.Match[str]) -> str | None:
    """Return the service to which a call of an SDK's client passes the role.

    The client's variable may be named after the service, as in ``glue_client``.
    """
    name = "".join(part[:1].upper() + part[1:] for part in call["name"].split("_"))
    service = re.sub(r"_?client$", "", call["of"].lower())
    return PASSED_TO.get(f"{service}:{name}") or principal_of_operation(name)


def _receiver_of(service: str, thing: str) -> str | None:
    """Return the service to which a template resource's role is passed when the resource is created."""
    return next(
        (
            principal
            for action, principal in PASSED_TO.items()
            if action.partition(":")[0] == service and _VERBS.sub("", action.partition(":")[2]).lower() == thing
        ),
        None,
    )


_VERBS = regex(r"^(?:Create|Register|Run|Put|Start|Associate)|s$")


def _absent(denial: Denial, action: str, resource: str, asked: Iterable[str]) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield the keys that, according to AWS's lists, no request for the action contains, or none for this resource."""
    known = known_action(action)
    kind = caller(denial.principal).kind if denial.principal else None
    for key in asked:
        low = key.lower()
        if kind is not None and presence(low, kind, action.lower()) is Presence.NEVER:
            whose = "an AWS service" if kind is Kind.SERVICE else "such a caller"
            yield key, Sourced((), Source.DEFAULT, f"a request of {whose} has no such key")
        elif ":resourcetag/" in low and _is_created(denial, action):
            yield key, Sourced((), Source.DEFAULT, IS_NEW)
        elif known is not None and (why := _not_of(low, known, resource)):
            yield key, Sourced((), Source.DEFAULT, why)


def _not_of(key: str, action: Action, resource: str) -> str:
    """Return why no request for the action contains the key (in lower case); "" if one may."""
    service, prefix = action.name.partition(":")[0].lower(), key.partition(":")[0]
    if prefix == "aws" or prefix not in services() or key in OTHER_SERVICES_KEYS or _listed(key, action.all_keys):
        return _not_on(key, action, resource)
    if prefix != service:
        return f"only requests to {services()[prefix] or prefix} have keys that begin with {prefix}:"
    if key in condition_keys(service):
        return f"AWS lists this key for other actions of {service}, and not for {action.name}"
    return ""


def _not_on(key: str, action: Action, resource: str) -> str:
    """Return why a request for the action lacks the key for this type of resource, though not for another type.

    "" if the request may contain it.
    """
    if key.startswith("aws:"):
        return _not_tagged(key, action, resource)
    on = keys_on(action.name)
    if resource == "*":
        without = [name for name in sorted(action.required) if key not in on.get(name.lower(), frozenset())]
        others = sorted(name for name, keys in on.items() if key in keys)
        sent = f"it is sent for the {listing(others[:3])}, and not for the "
        return f"{sent}{without[0]}, which the call needs too" if without and others else ""
    kind = next((each for each in action.resource_types if each.fits(resource)), None)
    if kind is None:
        return ""
    own = on.get(kind.name.lower(), frozenset())
    others = sorted(name for name, keys in on.items() if key in keys)
    return f"it is sent for the {others[0]} and not for the {kind.name}" if others and key not in own else ""


def _not_tagged(key: str, action: Action, resource: str) -> str:
    """Return why the call sends no tags for this type of resource, although it does for another; "" if it may."""
    kind = next((each for each in action.resource_types if each.fits(resource)), None)
    if kind is None or resource == "*":
        return ""
    tagged = tagged_types(key, action.name)
    if not tagged or kind.name.lower() in tagged:
        return ""
    return f"{action.name.partition(':')[2]} sends no tags for the {kind.name}, only for what it creates"


def tagged_types(key: str, action: str) -> list[str]:
    """Return the resource types for which the action's requests send the tag ``key``; [] for other keys.

    Amazon EC2 checks aws:RequestTag and aws:TagKeys for each resource of a call, and only those that the call creates
    get tags (Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2":
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html).
    """
    if not key.lower().startswith(("aws:requesttag/", "aws:tagkeys")):
        return []
    return sorted(kind for kind, keys in keys_on(action).items() if "aws:tagkeys" in keys)


def _listed(key: str, listed: frozenset[str]) -> bool:
    return key in listed or any(each.endswith(("/", ":")) and key.startswith(each) for each in listed)
