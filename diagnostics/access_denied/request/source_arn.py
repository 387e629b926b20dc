"""Find the resource on whose behalf a service acts, from the call that the text shows: ``create-trail --name NAME``.

The service sends that resource's ARN as aws:SourceArn to the bucket, key, queue or function of somebody else (IAM User
Guide, "The confused deputy problem": https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from diagnostics.access_denied.request.shown_calls import shown_calls
from diagnostics.access_denied.request.templates import letters
from iam.api_operations import action_for
from iam.arn import Arn
from iam.claims import Keys, Source, Sourced
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob
from iam.regions import A_REGION
from iam.service_reference import VARIABLE, ResourceType, resource_types
from iam.service_reference import action as known_action

_ENDINGS = {("logs", "log-group"): ":*"}
"""What the sent ARN has after the resource's own, by service and resource type (CloudWatch Logs User Guide,
"Subscription filters": https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html)."""
_SUFFIX = "-??????"
"""What follows a secret's name in its ARN (Secrets Manager User Guide, "Permissions policy examples":
https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html)."""
_NOT_SENT = frozenset({("cloudtrail", "eventdatastore")})
"""Resource types for which the service sends no aws:SourceArn (AWS CloudTrail User Guide, "Required KMS key policy
elements for event data stores":
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html)."""
_KNOWN_PARTS = ("${Partition}", "${Region}", "${Account}")
_NO_VALUE = regex(r"[$<>{}*]|\.\.\.|…")
_NAME = regex(r"[\w.@+=/-]+")


@dataclass(frozen=True, slots=True)
class _Call:
    """A call in the text, with the resource types that it may work on.

    ``parameters`` are by name, without case and punctuation (`letters`).
    """

    types: tuple[ResourceType, ...]
    alone: bool
    """Whether the call works on one type only, so that its ``name`` is the resource's."""
    parameters: Mapping[str, str]
    said: str
    operation: str = ""
    """The operation's name; "" for a resource of a template."""


def acting_for(outside: str, operation: str, wanted: Collection[str], account: str = "") -> Keys:
    """Return aws:SourceArn for the only resource that the text's calls name, if it differs from all of ``wanted``.

    The arguments are those of ``other_source``.
    """
    sent = other_source(outside, operation, wanted, account)
    return {} if sent is None else {"aws:SourceArn": Sourced((sent[0],), Source.COMMAND, f"the text has {sent[1]}")}


def other_source(outside: str, operation: str, wanted: Collection[str], account: str = "") -> tuple[str, str] | None:
    """Return the ARN of the only resource that the text's calls name, and the call, unless the ARN is in ``wanted``.

    ``wanted`` are the ARNs that conditions in the text require; ``outside`` is the text without its policies. Parts
    that the call does not show are taken from ``wanted``. ``account`` is the caller's account, "" if it is unknown. If
    there are several calls, those of the refused ``operation`` count.
    """
    sent: dict[str, str] = {}
    arns = [arn for each in dict.fromkeys(wanted) if (arn := Arn.parse(each)) and arn.resource.strip("*")]
    for service in {arn.service for arn in arns if "*" not in arn.service}:
        calls = list(_calls(outside, service))
        refused = [each for each in calls if each.operation and letters(each.operation) == letters(operation)]
        for call in refused or calls:
            named = (had for arn in arns if arn.service == service for had in _named_by(call, arn, account))
            sent.update({had + _ending(had): call.said for had in named if not _NO_VALUE.search(had)})
    if len(sent) != 1 or any(_names(each, had) for each in wanted for had in sent):
        return None
    return next(iter(sent.items()))


def _ending(arn: str) -> str:
    parts = arn.split(":")
    return _ENDINGS.get((parts[2], parts[5].partition("/")[0]), "")


def _names(wanted: str, sent: str) -> bool:
    """Return whether a condition's value names the resource, with or without the ending of the sent ARN."""
    plain, resource = (each.removesuffix("*").removesuffix(":") for each in (wanted, sent))
    suffixed = sent.endswith(_SUFFIX) and compile_glob(sent)(wanted)
    return suffixed or compile_glob(wanted)(sent) or compile_glob(plain)(resource)


def _named_by(call: _Call, wanted: Arn, account: str) -> Iterator[str]:
    """Yield the ARN of the resource that the call names, if it is of the wanted type."""
    for kind in call.types:
        variables = [each for each in VARIABLE.findall(kind.arn) if each not in _KNOWN_PARTS]
        if (wanted.service, kind.name) in _NOT_SENT or len(variables) != 1 or not _is_of_type(kind, wanted):
            continue
        value = _value(call, variables[0].strip("${}"))
        if value and value.startswith("arn:"):
            yield from (value,) if kind.fits(value) else ()
        elif value and _NAME.fullmatch(value):
            region = call.parameters.get("region", "")
            region = region if A_REGION.fullmatch(region) and wanted.region else wanted.region
            owner = account if account and wanted.account else wanted.account
            suffix = _SUFFIX if wanted.service == "secretsmanager" else ""
            yield kind.filled(wanted.partition, region, owner).replace(variables[0], value) + suffix


def _is_of_type(kind: ResourceType, wanted: Arn) -> bool:
    """Return whether the ARN is of this type, or of something within such a resource, as an object is in a bucket."""
    shape = kind.arn.split(":", 5)[5]
    before, _, after = shape.partition(found[0]) if (found := VARIABLE.search(shape)) else (shape, "", "")
    inside = wanted.resource[len(before) :]
    one_name = wanted.service == "s3" or not kind.closed or "/" not in inside.rstrip("/*")
    return wanted.resource.startswith(before) and inside.endswith(after) and one_name


def _value(call: _Call, variable: str) -> str:
    """Return the parameter that names the resource: the variable's own name, its beginning, or plain ``name``."""
    low = variable.lower()
    stem = re.sub(r"(?:name|id|arn)$", "", low)
    for name in (low, f"{stem}name", f"{stem}id", f"{stem}arn", f"{stem}identifier", stem):
        if name and name in call.parameters:
            return call.parameters[name]
    return call.parameters.get("name", "") or call.parameters.get("id", "") if call.alone else ""


def _calls(text: str, service: str) -> Iterator[_Call]:
    """Yield the calls of the service, and those whose service the text does not show."""
    for each in shown_calls(text):
        if each.service not in (service, ""):
            continue
        parameters = {name: values[0] for name, values in each.parameters.items() if values}
        if each.operation:
            types = _types_of(service, each.operation)
            yield _Call(types, len(types) == 1, parameters, each.said, each.operation)
            continue
        for kind in resource_types(service).values():
            name = letters(kind.name)
            if each.service:
                alone = name.startswith(each.thing) or each.thing.endswith(name)
            else:  # "CloudTrail Trail", "Amazon SNS Topic"
                alone = each.thing.removeprefix("amazon").removeprefix(service).removeprefix("service") == name
            if alone or (each.service and each.thing.startswith(name)):
                yield _Call((kind,), alone, parameters, each.said)


def _types_of(service: str, operation: str) -> tuple[ResourceType, ...]:
    known = known_action(action_for(operation, service) or f"{service}:{operation}")
    return known.resource_types if known is not None else ()
