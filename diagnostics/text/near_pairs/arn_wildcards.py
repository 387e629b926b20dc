"""Find an ARN with a wildcard that does not match the only resource of its type in the text.

No request names an ARN with a wildcard. An ARN with a wildcard therefore belongs to a rule, whatever the text says
around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from diagnostics.failure import Denial
from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Named, Paste
from diagnostics.text.near_pairs.request_or_policy import Side
from iam.arn import Arn
from iam.facts.resource_parts import BEFORE_THE_NAME
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob

_WILD = regex(r"[*?]+")
_SHORTEST = 8
"""The minimum number of adjacent characters that two names for one resource share."""
_DIFFERS = "the pattern does not match that name"
_CODE = "identity.resource-mismatch"


def of_patterns(paste: Paste) -> Iterator[NearPair]:
    """Yield the only pattern and the only resource of the same service and type, if a denial names no resource."""
    failure = paste.failure
    if not isinstance(failure, Denial) or failure.resource is not None:
        return
    kinds: dict[tuple[str, ...], dict[str, Named]] = {}
    for each in paste.arns:
        arn = Arn.parse(each.value)
        if arn is not None and arn.type and arn.service not in ("iam", "sts"):
            kinds.setdefault((arn.partition, arn.service, arn.region, arn.account, arn.type), {})[each.value] = each
    for found in kinds.values():
        patterns = [each for value, each in found.items() if _WILD.search(value)]
        others = [each for value, each in found.items() if not _WILD.search(value)]
        if any(each.side is Side.RULE for each in others):
            continue  # another statement names the resource
        if len(patterns) == len(others) == 1 and _are_near(patterns[0].value, others[0].value):
            (rule,), (asked,) = patterns, others
            place = "the statement"
            yield NearPair("resource", asked.value, "the text", rule.value, place, _DIFFERS, Basis.PATTERN, _CODE)
    yield from _of_names(paste, (failure.missing_action or failure.action or "").lower())


def _are_near(pattern: str, arn: str) -> bool:
    """Return whether a pattern does not match an ARN, but shares most of its fixed name with that ARN."""
    if compile_glob(pattern)(arn):
        return False
    fixed, name = (each.split(":", 5)[5].partition("/")[2] for each in (_WILD.sub("", pattern), arn))
    match = SequenceMatcher(None, fixed, name, autojunk=False).find_longest_match()
    return match.size >= max(_SHORTEST, len(fixed) // 2)


_KINDS = {
    "bucket": "s3",
    "table": "dynamodb",
    "queue": "sqs",
    "topic": "sns",
    "function": "lambda",
    "secret": "secretsmanager",
    "parameter": "ssm",
    "repository": "ecr",
    "stack": "cloudformation",
    "role": "iam",
}
"""The service for each common word for a kind of resource, when the word is next to the resource's name."""
_NAMED = regex(
    rf"\b(?<!-)(?P<kind>{'|'.join(_KINDS)})(?:'s|[ ]is|[ ]name[d]?|[ ]called|[ \t]*[:=]){{0,3}}[ \t]+[\"'`]?"
    r"(?P<name>(?!-)(?=[\w./@+-]*(?:[\d_-]|[a-z][A-Z]))[\w./@+-]{4,200}[A-Za-z0-9])(?![\w:/*])"
)
_SOURCES = regex(r"aws:SourceArn[\"']?\s*[:=]\s*\[?\s*[\"']?arn:[\w-]+:s3:::(?P<bucket>[\w.*?-]+)", re.IGNORECASE)
"""A bucket for which S3 delivers an inventory or logs to another one (Amazon S3 User Guide, "Granting permissions for
Amazon S3 Inventory and Amazon S3 analytics":
https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html).
"""
_OF_ANOTHER = "S3 may then deliver only for that other bucket"
_OF_ROLES = ("iam:passrole", "sts:assumerole")


def _of_names(paste: Paste, action: str) -> Iterator[NearPair]:
    """Yield the only name of a kind in the author's words, if no pattern of that kind in the text matches it."""
    for kind, service in _KINDS.items():
        before = "role/" if service == "iam" else BEFORE_THE_NAME[service]
        called = action in _OF_ROLES if kind == "role" else not action or action.startswith(f"{service}:")
        if not called:
            continue
        rules = {
            each.value: arn.resource.removeprefix(before)
            for each in paste.arns
            if (arn := Arn.parse(each.value)) is not None
            and arn.service == service
            and arn.resource.startswith(before)
            and _WILD.search(arn.resource)
        }
        names = {found["name"] for found in _NAMED.finditer(paste.text) if found["kind"] == kind}
        if len(rules) != 1 or len(names) != 1:
            continue
        ((rule, pattern),), (name,) = rules.items(), names
        if compile_glob(pattern.partition("/")[0] if service == "s3" else pattern)(name):
            continue
        sources = {each["bucket"] for each in _SOURCES.finditer(paste.text)} if kind == "bucket" else set()
        if sources:
            # A service writes to the statement's bucket, for the bucket that the condition names.
            if len(sources) == 1 and not any(compile_glob(each)(name) for each in sources):
                pair = (kind, name, "the text", sources.pop(), "the condition on aws:SourceArn", _OF_ANOTHER)
                yield NearPair(*pair, Basis.RULE, "resource.condition-unmet")
        else:
            yield NearPair(kind, name, "the text", rule, "the statement", _DIFFERS, Basis.PATTERN, _CODE)
