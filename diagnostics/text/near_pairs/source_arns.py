"""Find the resource for which a service makes the call, if the destination's policy names another in aws:SourceArn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.request.source_arn import other_source
from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Paste
from diagnostics.words import is_trust_action
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob
from iam.regions import REGION_NAME

_CONDITION = regex(r"SourceArn\b[^\n]{0,40}(?:\n[^\n]{0,40}){0,2}$", re.IGNORECASE)
_PLAIN = {"s3": "bucket", "logs": "log group"}
"""The noun for the resources of services whose ARNs have no type before a slash."""
# Amazon CloudFront API Reference, "Distribution": IDs such as EDFDVBD632BHDS5
# (https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Distribution.html).
_DISTRIBUTION = regex(
    r"\b[Dd]istribution(?:s|[ _-]?[Ii][Dd])?\b(?:(?![Oo]ac|OAC|[Oo]rigin)[^{}]){0,200}?"
    r"(?<![\w/])(?P<name>E(?=[A-Z]*\d)[A-Z0-9]{11,14})\b"
    # A row of list-distributions, and an ID before the domain of its origin or of the distribution.
    r"|(?<![\w/])(?P<row>E(?=[A-Z]*\d)[A-Z0-9]{11,14})(?:\\t|[\s|\",'])+(?:[\w.-]+\.s3[\w.-]*\.amazonaws\.com|d[a-z0-9]{12,14}\.cloudfront\.net)\b"
)
# Amazon Cognito User Pools API Reference, "UserPoolType": an ID has its Region, an underscore and a random part
# (https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolType.html).
_USER_POOL = regex(rf"(?<![\w/.-])(?P<name>{REGION_NAME}_[0-9A-Za-z]{{9}})(?!\w)")


def of_sources_of_events(paste: Paste) -> Iterator[NearPair]:
    """Yield the resource that the service acts for, if the only aws:SourceArn for this service names a different one.

       Amazon S3 User Guide, "Granting permissions to publish event notification messages to a destination": the ARN is
    that of the bucket
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html).
    """
    text = paste.text
    if "sourcearn" not in text.lower():
        return
    named = [(each, arn) for each in paste.arns if (arn := Arn.parse(each.value)) is not None]
    sources = [(each, arn) for each, arn in named if _CONDITION.search(text[max(0, each.at - 120) : each.at])]
    outside = text
    for each, _ in sources:
        outside = outside[: each.at] + " " * len(each.value) + outside[each.at + len(each.value) :]
    for service in dict.fromkeys(arn.service for _, arn in sources):
        wanted = {each.value: arn for each, arn in sources if arn.service == service}
        found = _by_id(outside, service) if service in _WITH_ID else _sent(outside, [*wanted])
        value, arn = next(iter(wanted.items()))
        said = None if found is not None else _renamed(outside, arn)
        found = found or said
        if len({arn.name for arn in wanted.values()}) != 1 or found is None:
            continue
        noun, name, resource = found
        if compile_glob(arn.resource if service in _PLAIN else arn.name)(name):
            continue
        path = arn.resource.startswith(f"{resource}/")
        difference = "it has a path, but S3 sends only the bucket's ARN" if path else f"these are two {noun}s"
        place = "the condition on aws:SourceArn"
        trusts = paste.denial is not None and is_trust_action(paste.denial.action or "")
        code = "trust.condition-unmet" if trusts else "resource.condition-unmet"
        region = name.partition("_")[0] if service == "cognito-idp" else arn.region
        whole = str(replace(arn, region=region, resource=resource)) if said or service in _WITH_ID else ""
        asked_place, basis = ("the text", Basis.RENAMED) if said else ("the call", Basis.RULE)
        yield NearPair(noun, name, asked_place, value, place, difference, basis, code, whole=whole)


_NEW_NAME = r"(?:[\"'`“](?P<quoted>[\w./-]*[\w-])[\"'`”]|(?P<plain>[\w.]*[-_\d][\w-]*))"
_RENAMED = regex(
    r"\b(?:re-?creat\w+|rename[ds]?|rebuilt|replac\w+|cop(?:y|ied)|clon\w+|mov\w+|migrat\w+)\b[^\n]{0,60}?"
    rf"\b(?:as|to|into|by|with)\s+(?:\w+\s+)?{_NEW_NAME}",
    re.IGNORECASE,
)
_TYPED = regex(r"(?P<type>[A-Za-z][\w-]*)[:/](?P<name>[^*]+)\Z")
_CAMEL = regex(r"(?<=[a-z])(?=[A-Z])|[-_]")


def _renamed(outside: str, arn: Arn) -> tuple[str, str, str] | None:
    """Return the resource of the ARN's type that, according to a line, was created as its replacement.

    The result is in the form of `_sent`.
    """
    plain = _PLAIN.get(arn.service)
    typed = None if plain else _TYPED.match(arn.resource)
    old = typed["name"] if typed is not None else arn.resource
    noun = _CAMEL.sub(" ", typed["type"] if typed is not None else plain or "").lower()
    names = set()
    for line in outside.splitlines() if noun else ():
        found = (
            _RENAMED.search(line) if re.search(rf"\b{noun.replace(' ', '[ -]?')}s?\b", line, re.IGNORECASE) else None
        )
        if found is not None:
            names.add(found["quoted"] or found["plain"])
    name = names.pop() if len(names) == 1 else ""
    if not name or name == old:
        return None
    return noun, name, f"{arn.resource.removesuffix(old)}{name}"


_WITH_ID = {
    "cloudfront": (_DISTRIBUTION, "distribution", "distribution/"),
    "cognito-idp": (_USER_POOL, "user pool", "userpool/"),
}
"""Services whose resources have IDs of a known form: the form, what the resources are called, and their ARN's type."""


def _by_id(outside: str, service: str) -> tuple[str, str, str] | None:
    """Return the only resource of this service that the text names by its ID, in the form of `_sent`."""
    form, noun, begin = _WITH_ID[service]
    ids = {next(filter(None, each.groups())) for each in form.finditer(outside)}
    return (noun, name := ids.pop(), f"{begin}{name}") if len(ids) == 1 else None


def _sent(outside: str, wanted: list[str]) -> tuple[str, str, str] | None:
    """Return the type, the name and the resource of the ARN that the service sends as aws:SourceArn for the call."""
    found = other_source(outside, "", wanted)
    arn = Arn.parse(found[0]) if found is not None else None
    if arn is None:
        return None
    noun = _PLAIN.get(arn.service)
    return (noun, arn.resource, arn.resource) if noun else (arn.type, arn.name, arn.resource)
